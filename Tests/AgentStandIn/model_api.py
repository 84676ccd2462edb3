#!/usr/bin/env python3
"""Stands in for the model APIs behind `claude` and `codex`, so that the real CLIs can be run without an account.

Prints its port on the first line and serves until it is killed, or with `--until-eof` until its standard input ends.
The first part of the path chooses what happens:

  /work      the model calls a shell tool once (`echo made-by-agent > agent.txt`) and says "Done."
  /refuse    401        /limit   429 with a long wait        /window  429 of a subscription's five-hour window
  /busy      529 (codex: 503)    /broke  400, no credit      /full    400, the prompt is too long
  /endless   the model calls its shell tool for ever
  /hang      the answer begins and never goes on
  /once-hang the first answer hangs, all others are those of /work; and so on

With `--log FILE` it writes a line for each request to a model: the way, the login that came with it, and the length of
the conversation.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMAND = "echo made-by-agent > agent.txt"
ANTHROPIC_ERRORS = {
    "refuse": (401, "authentication_error", "invalid x-api-key", {}),
    "limit": (429, "rate_limit_error", "This request would exceed your account's rate limit. Please try again later.",
              {"retry-after": "3600"}),
    "window": (429, "rate_limit_error", "This request would exceed your account's rate limit. Please try again later.", {
        "anthropic-ratelimit-unified-status": "rejected",
        "anthropic-ratelimit-unified-representative-claim": "five_hour",
        "anthropic-ratelimit-unified-overage-status": "rejected",
    }),
    "busy": (529, "overloaded_error", "Overloaded", {"x-should-retry": "false"}),
    "broke": (400, "invalid_request_error",
              "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.", {}),
    "full": (400, "invalid_request_error", "prompt is too long: 1050000 tokens > 1000000 maximum", {}),
}
OPENAI_ERRORS = {
    "refuse": (401, {"message": "Incorrect API key provided: sk-local.", "type": "invalid_request_error"}),
    "limit": (429, {"message": "Rate limit reached", "type": "rate_limit_error", "code": "rate_limit_exceeded"}),
    "window": (429, {"type": "usage_limit_reached", "message": "The usage limit has been reached"}),
    "busy": (503, {"code": "server_is_overloaded", "message": "overloaded"}),
    "broke": (429, {"type": "insufficient_quota", "code": "insufficient_quota", "message": "You exceeded your quota."}),
    "full": (400, {"type": "invalid_request_error", "code": "context_length_exceeded",
                   "message": "Your input exceeds the context window of this model."}),
}


seen = set()
seen_lock = threading.Lock()
log = open(sys.argv[sys.argv.index("--log") + 1], "a") if "--log" in sys.argv else None


def resolve(way):
    """`once-hang` is `hang` the first time, then `work`."""
    if not way.startswith("once-"):
        return way
    with seen_lock:
        is_first = way not in seen
        seen.add(way)
    return way[len("once-"):] if is_first else "work"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.answer(200, {"data": [], "models": []})

    def do_HEAD(self):
        self.answer(200, {})

    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        try:
            request = json.loads(body or b"{}")
        except ValueError:
            return self.answer(400, {"error": {"message": "not JSON"}})
        path = self.path.split("?")[0]
        way = path.strip("/").split("/")[0]
        if path.endswith("/count_tokens"):
            return self.answer(200, {"input_tokens": 1200})
        if not path.endswith(("/messages", "/responses")):
            return self.answer(404, {"error": {"message": "no such path"}})
        self.note(way, request)
        way = resolve(way)
        if way == "hang":
            return self.hang()
        if path.endswith("/messages"):
            return self.anthropic(way, request)
        if path.endswith("/responses"):
            return self.openai(way, request)

    def answer(self, status, body, headers=None):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def stream(self, events):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for event in events:
            self.wfile.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
        self.close_connection = True

    def note(self, way, request):
        if not log:
            return
        login = self.headers.get("authorization") or self.headers.get("x-api-key") or "none"
        turns = request.get("messages") or request.get("input") or []
        log.write(f"{way} {login.split(' ')[-1]} {len(turns)}\n")
        log.flush()

    def hang(self):
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b": wait\n\n")
        self.wfile.flush()
        # Until the other end goes away.
        self.rfile.read(1)
        self.close_connection = True

    # Anthropic's Messages API

    def anthropic(self, way, request):
        if way in ANTHROPIC_ERRORS:
            status, kind, text, headers = ANTHROPIC_ERRORS[way]
            if way == "window":
                reset = str(int(time.time()) + 4500)
                headers = dict(headers, **{"anthropic-ratelimit-unified-reset": reset})
            return self.answer(status, {"type": "error", "error": {"type": kind, "message": text}}, headers)
        tools = {tool.get("name") for tool in request.get("tools", [])}
        is_done = any(
            block.get("type") == "tool_result"
            for message in request.get("messages", []) if isinstance(message.get("content"), list)
            for block in message["content"])
        if "Bash" in tools and (way == "endless" or not is_done):
            block = {"type": "tool_use", "id": "toolu_0", "name": "Bash", "input": {}}
            delta = {"type": "input_json_delta", "partial_json": json.dumps({"command": COMMAND, "description": "step"})}
            reason = "tool_use"
        else:
            block = {"type": "text", "text": ""}
            delta = {"type": "text_delta", "text": "Done."}
            reason = "end_turn"
        usage = {"input_tokens": 1200, "cache_creation_input_tokens": 300, "cache_read_input_tokens": 4000, "output_tokens": 1}
        message = {
            "id": "msg_0", "type": "message", "role": "assistant", "model": request.get("model"), "content": [],
            "stop_reason": None, "stop_sequence": None, "usage": usage,
        }
        self.stream([
            {"type": "message_start", "message": message},
            {"type": "content_block_start", "index": 0, "content_block": block},
            {"type": "content_block_delta", "index": 0, "delta": delta},
            {"type": "content_block_stop", "index": 0},
            {"type": "message_delta", "delta": {"stop_reason": reason, "stop_sequence": None}, "usage": {"output_tokens": 50}},
            {"type": "message_stop"},
        ])

    # OpenAI's Responses API

    def openai(self, way, request):
        if way in OPENAI_ERRORS:
            status, error = OPENAI_ERRORS[way]
            if way == "window":
                error = dict(error, plan_type="plus", resets_at=int(time.time()) + 4500)
            return self.answer(status, {"error": error})
        is_done = any(
            item.get("type") in ("function_call_output", "custom_tool_call_output", "local_shell_call_output")
            for item in request.get("input", []) if isinstance(item, dict))
        if is_done and way != "endless":
            item = {"type": "message", "id": "msg_0", "role": "assistant", "status": "completed",
                    "content": [{"type": "output_text", "text": "Done.", "annotations": []}]}
        else:
            item = self.shell_call(request.get("tools", []))
        usage = {
            "input_tokens": 1200, "input_tokens_details": {"cached_tokens": 1000}, "output_tokens": 40,
            "output_tokens_details": {"reasoning_tokens": 10}, "total_tokens": 1240,
        }
        self.stream([
            {"type": "response.created", "response": {"id": "resp_0"}},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": {"id": "resp_0", "usage": usage, "output": [item]}},
        ])

    @staticmethod
    def shell_call(tools):
        names = {tool.get("name") or tool.get("type") for tool in tools}
        for name, arguments in [
            ("exec_command", {"cmd": COMMAND}),
            ("shell_command", {"command": COMMAND}),
            ("shell", {"command": ["sh", "-c", COMMAND]}),
        ]:
            if name in names:
                return {"type": "function_call", "id": "fc_0", "call_id": "call_0", "name": name,
                        "arguments": json.dumps(arguments), "status": "completed"}
        print("no shell tool among", sorted(str(name) for name in names), file=sys.stderr, flush=True)
        return {"type": "message", "id": "msg_0", "role": "assistant",
                "content": [{"type": "output_text", "text": "I have no shell.", "annotations": []}]}


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    if "--until-eof" in sys.argv:
        # Ends with the test that started it, however that ends.
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    server.serve_forever()
