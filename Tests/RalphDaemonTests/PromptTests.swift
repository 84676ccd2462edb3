import Foundation
import RalphCore
import RalphTestSupport
import SystemPackage
import Testing

@testable import RalphDaemon

@Suite("a prompt of the author's own", .timeLimit(.minutes(5)))
struct PromptTests {
    private var prompt: Prompt {
        var item = Item(
            key: "stop",
            explicitID: "stop",
            title: "`stop` ends <it> & \"all\"",
            section: ["A", "B"],
            line: 7
        )
        item.details = "Twice\u{1B}[31m."
        item.criteria = [
            Criterion(text: "first", line: 8, boxOffset: 0, isTicked: false),
            Criterion(text: "second", line: 9, boxOffset: 0, isTicked: false),
        ]
        return Prompt(
            project: "tally",
            branch: "main",
            base: ObjectID(String(repeating: "4", count: 40)),
            timeout: .seconds(3600),
            item: item,
            checks: [Prompt.KnownCheck(name: "test", run: "make test", onBase: nil, isItems: false)],
            protectedPaths: ["PRD.md", "golden/**"],
            tryNumber: 2,
            attempts: 5
        )
    }

    @Test("every kind of value is put in, nothing is escaped, and what is not there leaves nothing")
    func values() throws {
        let template = try PromptTemplate(
            """
            {{! for tally }}
            {{project}} {{branch}} {{base}} {{time}} {{try}}/{{attempts}} #{{item.id}} {{item.title}} ({{item.section}}) L{{item.line}}
            {{item.details}}
            {{#item.criteria}}
            {{number}}: {{text}}
            {{/item.criteria}}
            {{#checks}}{{name}}=`{{run}}`{{/checks}} {{#protected}}[{{.}}]{{/protected}}
            {{#note}}note {{.}}{{/note}}{{^kept}}clean{{/kept}}{{#kept}}{{files}}{{/kept}}
            {{{outbox}}}
            """,
            file: "p"
        )
        let lines = template.text(for: prompt).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines.prefix(7) == [
                "tally main 4444444 60 minutes 2/5 #stop `stop` ends <it> & \"all\" (A > B) L7", "Twice.",
                "1: first",
                "2: second", "test=`make test` [PRD.md][golden/**]", "clean",
                "# Before you stop, write exactly one of these to .ralphd/outbox/",
            ]
        )
    }

    @Test("every documented name is one, and no other")
    func documented() throws {
        let facts = prompt.facts
        for name in facts.keys { #expect(Prompt.factNames.contains(name)) }
        for name in Prompt.factNames { _ = try PromptTemplate("x {{\(name)}}", file: "p") }
    }

    @Test(
        "what is wrong is said with its line",
        arguments: [
            ("a\n{{item.titel}}", "p:2: there is no `item.titel`; known are "),
            ("{{#items}}x{{/items}}", "p:1: there is no `items`"),
            ("a\n\n{{#checks}}\nb", "p:"),
            ("{{#checks}}{{/item}}", "p:1: the section that ends here is not the one that is open"),
            ("ok\n{{> other}}", "p:2: `{{>` is not for prompts"),
            ("{{=<% %>=}}", "p:1: `{{=` is not for prompts"),
            ("{{}}", "p:1: `{{}}` names nothing"),
        ]
    )
    func wrong(_ text: String, _ message: String) {
        do throws(Failure) {
            _ = try PromptTemplate(text, file: "p")
            Issue.record("no error for \(text)")
        } catch {
            #expect(error.message.hasPrefix(message), "\(error.message)")
        }
    }

    @Test("the agent gets the template's text, and cannot change it")
    func loop() throws {
        let project = try Project(
            "- [ ] One {#a}",
            settings: "attempts: 1\nprompt: docs/agent.mustache",
            files: ["docs/agent.mustache": "Do {{item.title}} of {{project}}.\n"],
            agent: "claude"
        )
        try FakeClaude.install(
            in: project,
            "echo x > made; echo Anything. > docs/agent.mustache; say '\(FakeClaude.result(usd: 0.1))'"
        )
        try project.run()
        let first = try #require(try project.iterations(of: "a").first)
        #expect(try project.prompt(of: first).hasPrefix("Do One of "))
        #expect(first.outcome == .protectedPath)
        #expect(try project.repository.show("docs/agent.mustache").hasPrefix("Do {{item.title}}"))
    }

    @Test("a start with a template that is not there, or wrong, names it")
    func start() throws {
        let project = try Project("- [ ] One {#a}", settings: "prompt: none.mustache")
        let ending = try project.start().wait()
        #expect(ending.status == 78)
        #expect(ending.errors.contains("/none.mustache that can be read"), "\(ending.errors)")
    }
}
