/// Documents of our own making, each with what makes a public PRD, plan or list of tasks hard to read.
package enum PublicShapes {
    package struct Shape: Sendable {
        /// Repository and path of the document that has this shape.
        package var source: String
        package var text: String
    }

    package static let all: [Shape] = [
        Shape(
            source: "frankbria/ralph-claude-code docs/user-guide/03-writing-requirements.md",
            text:
                "# Guide\n\nWrite it like this:\n\n```markdown\n- [ ] **First**: in a fence\n- [x] Second\n```\n\nNot like this:\n- [ ] outside\n<!-- - [ ] hidden -->\n\n````\n```\n- [ ] inner fence\n```\n````\n"
        ),
        Shape(
            source: "frankbria/ralph-claude-code docs/user-guide/02-understanding-ralph-files.md",
            text:
                "The plan is `fix_plan.md`:\n```\n- [ ] a {priority=1}\n```\n- [ ] reads `{id}`\n- [ ] ends with {braces}\n"
        ),
        Shape(
            source: "frankbria/ralph-claude-code SPECIFICATION_WORKSHOP.md",
            text: "## Questions\n- [ ] Same ✓\n- [ ] Same ✓\n\n~~~text\n- [ ] Same\n~~~\n- [ ] → after\n"
        ),
        Shape(
            source: "frankbria/ralph-claude-code templates/fix_plan.md",
            text:
                "# Plan\n\n## High\nText without a gap\n- [ ] one\n- [x] two\n\n<!-- notes\n- [ ] not this -->\n## Notes\n- plain\n"
        ),
        Shape(
            source: "frankbria/ralph-claude-code README.md",
            text:
                "<details>\n<summary>More</summary>\n\n- [ ] inside details\n\n```bash\n- [ ] in a fence\n```\n\n</details>\n\n- [x] below\n"
        ),
        Shape(
            source: "frankbria/ralph-claude-code CONTRIBUTING.md",
            text:
                "1. Fork\n2. Check:\n   - [ ] tests\n   - [ ] tests\n3. Push\n\n   ```\n   - [ ] fenced in a list\n   ```\n"
        ),
        Shape(
            source: "Spectara/Revela .github/agents/revela-reviewer.agent.md",
            text:
                "---\ntitle: x\n---\n# Agent\n\n```\n- [ ] **Bold** in a fence\n```\n\n- [ ] **Bold:** outside ❌\n- [ ] **Bold:** outside ❌\n"
        ),
        Shape(
            source: "Spectara/Revela .github/skills/create-release/SKILL.md",
            text: "---\nname: x\n---\nSteps:\n- [ ] tag\n- [ ] push\n\n1. one\n   - [ ] nested in one\n"
        ),
        Shape(
            source: "Fission-AI/OpenSpec skills/openspec-onboard/SKILL.md",
            text:
                "Say:\n\n```\n## Tasks\n- [ ] 1.1 first\n```\n\nThen:\n> - [ ] quoted\n\n- [ ] 1.2 real – dash\n"
        ),
        Shape(
            source: "Fission-AI/OpenSpec openspec/work/simplify-context-and-workspace-model/roadmap.md",
            text:
                "## Slice 1\nGoal:\n- [x] **Done.** It is “so”.\n- [ ] **Open.**\n  It goes on\n  for lines.\n\n  And a paragraph.\n- [ ] **Open.**\n"
        ),
        Shape(
            source: "Fission-AI/OpenSpec openspec/changes/simplify-skill-installation/tasks.md",
            text:
                "## 1. Part\n\n- [x] 1.1 Add `a` → `b`\n- [ ] 1.2 Keep `<!-- mark -->` lines\n<!-- a comment -->\n- [ ] 1.10 Ten\n"
        ),
        Shape(
            source: "Fission-AI/OpenSpec openspec/changes/fix-spec-parser-fidelity/tasks.md",
            text:
                "- [ ] 1.1 Read `- [ ]` in code\n- [x] 1.2 **Fence** of ```` ``` ````\n- [ ] 1.3 A ` lone tick {#t}\n"
        ),
        Shape(
            source: "Fission-AI/OpenSpec docs-lab/reference/schemas/schema-yaml.md",
            text: "Lines:\n* [ ] star\n\n```yaml\ntasks: |\n  - [ ] in yaml\n```\n+ [x] plus\n"
        ),
        Shape(
            source: "Spacecraft-Software/Bravais TODO.md",
            text: "# TODO\n**Now:**\n- [ ] **one**\n- [~] half\n- [-] dropped\n- [!] urgent\n- [x] two\n"
        ),
        Shape(
            source: "Spacecraft-Software/Bravais .github/skills/spacecraft-steelbore-standard/SKILL.md",
            text:
                "---\nx: y\n---\n| Rule | Met |\n|---|---|\n| - [ ] a | [x] |\n| b | [ ] |\n\n- [ ] **c** §1\n"
        ),
        Shape(
            source:
                "Spacecraft-Software/Bravais .github/skills/microsoft-rust-guidelines/references/07_safety_guidelines.md",
            text:
                "<!-- Copyright -->\n\n## A { #M-A }\n\n<why>because</why>\n<version>1.0</version>\n\nText\n- [ ] see [b](#c)\n- [ ] see [b]\n\n[b]: #d\n"
        ),
        Shape(
            source: "Spacecraft-Software/Bravais .github/skills/spacecraft-document-format/SKILL.md",
            text: "---\nd: >\n  folded\n  text\n---\n- [ ] **A** — `x > y`\n\n---\n\n- [ ] below a rule\n"
        ),
        Shape(
            source: "g0tMarks/Batch .cursor/tasks/update-mobile-navbar-prd.md",
            text:
                "# PRD\n\n### 1. Part ✅\n- [x] **a**\n  - [x] b\n    - [ ] c\n<!-- end -->\n\n### 2. Part\n- [ ] d\n"
        ),
        Shape(
            source: "g0tMarks/Batch .cursor/tasks/Upload-tasks.md",
            text:
                "- [ ] 1.0 Parent\n    - [ ] 1.1 four spaces\n    - [x] 1.2 four spaces\n        - [ ] eight\n- [ ] 2.0 Parent\n"
        ),
        Shape(
            source: "Sparksx/forge-master TODO.md",
            text: "# Todo\n*italic*\n- [x] **é** à 100 %\n- [ ] « ici »\n\nEnsuite :\n- [ ] puis\n"
        ),
        Shape(
            source: "Sparajuli7/learn phases/04-real-time/PROMPT_4_VALIDATION.md",
            text:
                "## ✅ Checks\n\n**Group**\n- [x] **a**: b\n- [x] **a**: b\n\n**Group**:\n- [ ] c (<100ms)\n- [ ] d [link]\n"
        ),
        Shape(
            source: "Sparajuli7/learn phases/08-security/PROMPT_8_VALIDATION.md",
            text: "### 1. **Head**\n\n- [x] **a** <b> & c\n- [ ] `<T>` d\n\n### 2. **Head**\n\n* [ ] e\n"
        ),
        Shape(
            source: "jienckebd/dev-loop docs/ai/PRD_TEMPLATE.md",
            text:
                "---\nprd:\n  id: x\n---\n\n# PRD\n\n### US-001: Title\n\n**As a** user\n\n- [ ] crit\n\n### REQ-1.2: other\n\n- [ ] more\n"
        ),
        Shape(
            source: "jienckebd/dev-loop .taskmaster/plans/schema_processor/EXECUTION_CHECKLIST.md",
            text:
                "1. Step\n   - [ ] three\n   - [x] three\n2. Step\n   - [ ] three\n     ```\n     code\n     ```\n\n10. Ten\n    - [ ] four\n"
        ),
        Shape(
            source: "0xForelsket/FileDispatch IMPROVEMENTS.md",
            text: "**Files**: `a.rs`\n- [ ] do\n  - detail\n  - [ ] sub\n**Next**\n- [x] done → so\n"
        ),
        Shape(
            source: "0xForelsket/FileDispatch docs/MILESTONES.md",
            text: "## M1\n\n### Goals\n- [x] a\n\n### Exit\n- [ ] b\n---\n## M2\n- [ ] c\n"
        ),
        Shape(
            source: "0al-spec/Platform WORKPLAN.md",
            text:
                "#### P1-T1: name\nStatus: open\n- [ ] a\n- [ ] b\n#### P1-T2: name\n- Depends: P1-T1\n- [x] c\n"
        ),
        Shape(
            source: "0CABANA0/StockAnalysis-AI-app tasks/todo.md",
            text: "# 할 일\n\n- [x] 첫째\n- [ ] 둘째 (`x`)\n  - 설명\n  - [ ] 셋째\n"
        ),
        Shape(
            source: "SpdVpr/muzeum-her TODO.md",
            text: "## Fáze 1\n- [ ] Příprava\n  - [ ] část\n  - [ ] část\n- [ ] Příprava\n  - [ ] část\n"
        ),
        Shape(
            source: "Spartek-Edge-Labs/cattledrive TODO.md",
            text: "- [ ] a\n    - [ ] b\n\n    text of a\n\n        code of a\n    - [x] c\n"
        ),
        Shape(
            source: "00quasr/WallStreetSim PRD.md",
            text:
                "| a | b |\n|---|---|\n| 1 | 2 |\n\n- [ ] a\n  ```ts\n  const x = [ ];\n  ```\n- [x] b\n\n```\n┌───┐\n│ [ ] │\n└───┘\n```\n"
        ),
        Shape(
            source: "ll931217/dotfiles .claude/agents/react-pro.md",
            text: "---\ndescription: a\n---\n- [ ] **A**: b?\n- [ ] Is `c`?\n\n  > note\n"
        ),
    ]
}
