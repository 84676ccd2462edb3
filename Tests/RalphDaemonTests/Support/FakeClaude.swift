import Foundation
import Glibc
import RalphTestSupport
import SystemPackage

/// An executable named `claude` that is a shell script: what a real one prints, with figures that a test chooses.
enum FakeClaude {
    static let begin =
        #"{"type":"system","subtype":"init","session_id":"s-1","model":"m-1","apiKeySource":"x"}"#

    /// A message that used so many tokens, as far as is known while it comes.
    static func message(_ id: String, tokens: Int) -> String {
        #"{"type":"assistant","message":{"id":"\#(id)","model":"m-1","content":[{"type":"text","text":"at it"}],"#
            + #""usage":{"input_tokens":\#(tokens),"output_tokens":0}}}"#
    }

    static func result(usd: Double, tokens: Int = 1000) -> String {
        #"{"type":"result","subtype":"success","is_error":false,"result":"Done.","num_turns":1,"session_id":"s-1","#
            + #""total_cost_usd":\#(usd),"usage":{"input_tokens":\#(tokens),"output_tokens":0}}"#
    }

    /// A usage limit that resets at an instant, in seconds since 1970.
    static func limit(resetsAt: String) -> String {
        #"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":\#(resetsAt),"#
            + #""rateLimitType":"five_hour"}}"# + "\n"
            + #"{"type":"result","subtype":"success","is_error":true,"api_error_status":429,"num_turns":1,"#
            + #""result":"You've hit your limit · resets later","total_cost_usd":0,"#
            + #""usage":{"input_tokens":0,"output_tokens":0}}"#
    }

    /// - Parameter script: the shell script's body, after the prompt was read; `say 'FRAME'` prints.
    static func install(in project: Project, _ script: String) throws {
        let text = """
            #!/bin/sh
            cat > /dev/null
            place=\(project.place.path.string)
            say() { printf '%s\\n' "$1"; }
            \(script)

            """
        let file = try project.place.write(text, to: "bin/claude")
        chmod(file.string, 0o755)
    }
}
