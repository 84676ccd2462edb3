import Testing

/// A script that an agent runs, and what becomes of its traces. `good.txt` is always written beside.
struct Attack: CustomTestStringConvertible, Sendable {
    var name: String
    var script: String
    /// `path: reason` as in a refusal.
    var refused: [String] = []
    /// Paths taken beside `good.txt`.
    var taken: [String] = []

    var testDescription: String { name }

    static let evilRepository = """
        git init -q nested && cd nested && echo '* filter=evil' > .gitattributes && echo x > x
        git -c user.name=a -c user.email=b add -A && git -c user.name=a -c user.email=b commit -qm x
        git config filter.evil.clean "touch ../../../executed; cat" && git config core.fsmonitor "touch ../../../executed"
        echo y > x
        """

    static let all: [Attack] = [
        Attack(
            name: "a nested repository with a filter",
            script: evilRepository,
            refused: ["nested: a repository in the repository"]
        ),
        Attack(
            name: "a nested repository without a commit",
            script: "git init -q nested; echo x > nested/x",
            refused: ["nested: a repository in the repository"]
        ),
        Attack(name: "its own .git deleted", script: "rm -rf .git"),
        Attack(
            name: "its own .git a link to the person's",
            script: "rm -rf .git; ln -s \"$USER_REPOSITORY/.git\" .git"
        ),
        Attack(
            name: "its own .git a file that names the person's",
            script: "rm -rf .git; echo \"gitdir: $USER_REPOSITORY/.git\" > .git"
        ),
        Attack(
            name: "hooks, filters and fsmonitor in its own .git",
            script: """
                git config core.fsmonitor "touch ../../executed"; git config core.hooksPath hooks
                git config filter.evil.clean "touch ../../executed; cat"; mkdir hooks
                printf '#!/bin/sh\\ntouch ../../executed\\n' > hooks/post-index-change; chmod +x hooks/post-index-change
                git config core.worktree "$USER_REPOSITORY"
                """,
            taken: ["hooks/post-index-change"]
        ),
        Attack(
            name: "attributes that select a filter",
            script: "echo '* filter=evil' > .gitattributes",
            refused: [".gitattributes: protected"]
        ),
        Attack(
            name: "an encoding that fits nothing",
            script: "echo '*.txt working-tree-encoding=UTF-16' > .gitattributes",
            refused: [".gitattributes: protected"]
        ),
        Attack(
            name: "submodules that run a command",
            script: "printf '[submodule \"a\"]\\n path=a\\n url=ext::sh\\n update=!sh\\n' > .gitmodules",
            refused: [".gitmodules: protected"]
        ),
        Attack(
            name: "a link to the person's files",
            script: "rm -r src; ln -s \"$USER_REPOSITORY/src\" src",
            refused: ["src: a link that leaves the repository"]
        ),
        Attack(
            name: "a relative link out of the tree",
            script: "ln -s src/../../../x out",
            refused: ["out: a link that leaves the repository"]
        ),
        Attack(
            name: "a link into a git directory",
            script: "ln -s .git/config conf",
            refused: ["conf: a link that leaves the repository"]
        ),
        Attack(
            name: "links that stay inside, and one to nothing",
            script: "ln -s a.txt src/b; ln -s ../README.md src/c; ln -s loop loop",
            taken: ["loop", "src/b", "src/c"]
        ),
        Attack(
            name: "odd names",
            script:
                "touch -- -rf --help ':(exclude)x' 'a\nb' '$(touch executed)' \"$(printf 'a\\377b')\" 'tab\there'",
            taken: [
                "$(touch executed)", "--help", "-rf", ":(exclude)x", "a\u{FFFD}b", "a\u{FFFD}b",
                "tab\u{FFFD}here",
            ]
        ),
        Attack(
            name: "names like .git",
            script: "mkdir .GIT 'git~1' '.git ' .git.; touch .GIT/config 'git~1/x' '.git /x' .git./x",
            refused: [
                ".GIT/config: a name that git keeps for itself", ".git /x: a name that git keeps for itself",
                ".git./x: a name that git keeps for itself", "git~1/x: a name that git keeps for itself",
            ]
        ),
        Attack(
            name: "a name like .git on a Mac",
            script: "d=$(printf '.git\\342\\200\\214'); mkdir \"$d\"; touch \"$d/config\"",
            refused: [".git\u{200C}/config: a name that git keeps for itself"]
        ),
        Attack(name: "a FIFO as .gitignore", script: "mkfifo .gitignore"),
        Attack(name: "a FIFO as .gitattributes below", script: "mkfifo src/.gitattributes"),
        Attack(
            name: "a FIFO as a nested HEAD",
            script:
                "mkdir -p nested/.git/refs nested/.git/objects; mkfifo nested/.git/HEAD; echo x > nested/x",
            taken: ["nested/x"]
        ),
        Attack(
            name: "a tracked file a FIFO",
            script: "rm src/a.txt; mkfifo src/a.txt",
            refused: ["src/a.txt: neither file nor link"]
        ),
        Attack(
            name: "a tracked directory a FIFO",
            script: "rm -r src; mkfifo src",
            refused: ["src: neither file nor link"]
        ),
        Attack(name: "a giant .gitignore", script: "truncate -s 1500M .gitignore"),
        Attack(
            name: "a file of 80 MB and a sparse one of 3 GB",
            script: "truncate -s 80000000 big; truncate -s 3000000000 huge",
            refused: [
                "big: 80 MB, more than a commit may hold", "huge: 3000 MB, more than a commit may hold",
            ]
        ),
        Attack(
            name: "closed files and directories",
            script: "mkdir closed; echo x > closed/x; chmod 0 closed; echo y > locked; chmod 0 locked",
            taken: ["closed/x", "locked"]
        ),
        Attack(
            name: "the PRD ticked",
            script: "echo '- [x] one' > prd.md",
            refused: ["prd.md: only the author edits the PRD"]
        ),
        Attack(
            name: "the PRD deleted",
            script: "rm prd.md",
            refused: ["prd.md: only the author edits the PRD"]
        ),
        Attack(
            name: "the PRD a directory",
            script: "rm prd.md; mkdir prd.md; echo x > prd.md/x",
            refused: ["prd.md/x: only the author edits the PRD", "prd.md: only the author edits the PRD"]
        ),
        Attack(
            name: "protected tests emptied, deleted, replaced",
            script: ": > tests/t.txt; rm tests/u.txt; echo x > tests/new.txt",
            refused: ["tests/new.txt: protected", "tests/t.txt: protected", "tests/u.txt: protected"]
        ),
        Attack(
            name: "the protected directory a link",
            script: "mv tests other; ln -s other tests",
            refused: ["tests: protected"],
            taken: ["other/t.txt", "other/u.txt"]
        ),
        Attack(
            name: "the protected directory a file",
            script: "rm -r tests; echo x > tests",
            refused: ["tests: protected"]
        ),
        Attack(
            name: "its own directory ignored",
            script: "echo /.ralphd > .gitignore",
            taken: [".gitignore"]
        ),
        Attack(
            name: "its own directory tracked by it",
            script: "echo '!/.ralphd' > .gitignore; echo x > .ralphd/x",
            taken: [".gitignore"]
        ),
        Attack(name: "setuid and mode changes", script: "chmod 4755 README.md", taken: ["README.md"]),
        Attack(
            name: "a tracked file a socket",
            script:
                "rm src/a.txt; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"src/a.txt\")'",
            refused: ["src/a.txt: neither file nor link"]
        ),
        Attack(
            name: "attributes below that select a merge driver",
            script: "echo '*.txt merge=evil' > src/.gitattributes",
            refused: ["src/.gitattributes: protected"]
        ),
        Attack(
            name: "links as attributes and submodules",
            script: "ln -s README.md .gitattributes; ln -s README.md .gitmodules",
            refused: [".gitattributes: protected", ".gitmodules: protected"]
        ),
        Attack(
            name: "configuration under names that other systems fold",
            script: "for f in .GitModules .gitattributes. 'GITMOD~1' .lfsconfig; do echo x > $f; done",
            refused: [
                ".GitModules: protected", ".gitattributes.: protected", ".lfsconfig: protected",
                "GITMOD~1: protected",
            ]
        ),
        Attack(
            name: "an ignore file that hides itself and more",
            script: "echo '*' > src/.gitignore; echo x > src/conftest.py"
        ),
        Attack(
            name: "names that differ in case alone",
            script: "echo x > readme.md; echo y > ReadMe.md",
            taken: ["ReadMe.md", "readme.md"]
        ),
        Attack(name: "its own index locked", script: "touch .git/index.lock .git/HEAD.lock"),
        Attack(
            name: "a directory closed to writing",
            script: "mkdir still; echo x > still/x; chmod 555 still",
            taken: ["still/x"]
        ),
        Attack(name: "the workspace itself closed", script: "chmod 0 ."),
        Attack(
            name: "a second name of the person's file",
            script: "ln \"$USER_REPOSITORY/README.md\" hard",
            taken: ["hard"]
        ),
        Attack(
            name: "an absolute link, and one out of the tree by another",
            script: "ln -s /etc/passwd absolute; ln -s .. up; ln -s up/up/x far",
            refused: [
                "absolute: a link that leaves the repository", "up: a link that leaves the repository",
            ],
            taken: ["far"]
        ),
        Attack(
            name: "the PRD a link",
            script: "rm prd.md; ln -s README.md prd.md",
            refused: ["prd.md: only the author edits the PRD"]
        ),
        Attack(
            name: "a name of 255 bytes, one with a backslash, one with a colon",
            script: "touch \"$(printf 'n%.0s' $(seq 255))\" 'a\\b' 'c:d'",
            taken: ["a\\b", "c:d", String(repeating: "n", count: 255)]
        ),
        Attack(
            name: "its own directory a FIFO, a link, a file",
            script: "rm -rf .ralphd; mkfifo .ralphd"
        ),
        Attack(
            name: "three thousand directories deep",
            script:
                "s=$(printf 'd/%.0s' $(seq 100)); mkdir all; for i in $(seq 30); do mkdir -p new/$s; mv all new/$s/all; mv new all; done; echo x > all/x",
            refused: []
        ),
    ]
}
