import Foundation
import RalphCommands

@main
enum Ralphctl {
    static func main() async {
        exit(await Program.main())
    }
}
