import RalphAPI
import RalphCore

/// Open questions, each with the command that answers it.
enum QuestionList {
    private static let widest = 100

    static func lines(_ questions: [QuestionView], time: LocalTime, terminal: Terminal) -> [Text] {
        if questions.isEmpty { return ["no open questions"] }
        let width = min(terminal.width ?? widest, widest)
        let blocks = questions.map { question in
            let since = time.moment(question.askedAt)
            let head: Text = "question \(question.id), \("#\(question.key)", .strong), since \(since): "
            return [head + Text.quoted(question.title, to: max(12, width - head.width))]
                + Text.wrapped(question.text, to: width - 2).map { "  " + $0 }
                + ["  \("ralphctl answer \(question.id) \"…\"", .strong)"]
        }
        return Array(blocks.joined(separator: [Text()]))
    }
}
