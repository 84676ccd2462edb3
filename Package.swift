// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// A module of ours. Each outside library is imported by exactly one of them (docs/architecture.md).
func module(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: dependencies + [.byName(name: name), "RalphTestSupport"],
        swiftSettings: settings
    )
}

let systemPaths = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

let package = Package(
    name: "ralphd",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "ralphd", targets: ["ralphd"]),
        .executable(name: "ralphctl", targets: ["ralphctl"]),
        .executable(name: "manual", targets: ["manual"]),
        .executable(name: "scripted-agent", targets: ["scripted-agent"]),
        .executable(name: "prd-trials", targets: ["prd-trials"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CCmarkGFM",
            pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]
        ),
        .target(name: "CMarkdown", dependencies: ["CCmarkGFM"]),
        .target(name: "CRalph"),

        module("RalphCore", [systemPaths]),
        module("RalphPRD", ["RalphCore", "CMarkdown", "Yams"]),
        module("RalphProcess", ["RalphCore", "CRalph", systemPaths]),
        module("RalphAgents", ["RalphCore", "RalphProcess", systemPaths]),
        module("RalphGit", ["RalphCore", "RalphProcess", "CRalph", systemPaths]),
        module("RalphAPI", ["RalphCore", systemPaths]),
        module("RalphHistory", ["RalphCore", .product(name: "GRDB", package: "GRDB.swift"), systemPaths]),
        module("RalphReport", ["RalphCore", "RalphAPI", "RalphHistory", systemPaths]),
        module(
            "RalphServer",
            ["RalphAPI", .product(name: "Hummingbird", package: "hummingbird"), logging, systemPaths]
        ),
        module(
            "RalphClient",
            ["RalphAPI", .product(name: "AsyncHTTPClient", package: "async-http-client"), systemPaths]
        ),
        module(
            "RalphDaemon",
            [
                "RalphCore", "RalphPRD", "RalphProcess", "RalphAgents", "RalphGit", "RalphHistory",
                "RalphReport",
                "RalphAPI", "RalphServer", "CRalph",
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Mustache", package: "swift-mustache"),
                logging, systemPaths,
            ]
        ),
        module(
            "RalphCommands",
            [
                "RalphCore", "RalphAPI", "RalphAgents", "RalphClient", "RalphReport", "RalphHistory",
                "RalphPRD", "RalphGit", "RalphProcess", "CRalph",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                systemPaths,
            ]
        ),
        module("RalphPRDTrials", ["RalphCore", "RalphPRD"]),
        module("RalphTestSupport", ["RalphCore", "RalphProcess", systemPaths]),

        program(
            "ralphd",
            ["RalphCore", "RalphDaemon", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),
        program("ralphctl", ["RalphCommands"]),
        module("RalphManual", []),
        program("manual", ["RalphManual", "RalphCore"]),
        program("scripted-agent", ["RalphTestSupport"]),
        program(
            "prd-trials",
            ["RalphPRDTrials", .product(name: "ArgumentParser", package: "swift-argument-parser")]
        ),

        tests("RalphCore", []),
        tests("RalphPRD", ["RalphCore", "RalphPRDTrials", systemPaths]),
        tests("RalphProcess", ["RalphCore", systemPaths]),
        tests("RalphAgents", ["RalphCore", "RalphProcess", systemPaths]),
        tests("RalphGit", ["RalphCore", "RalphProcess", systemPaths]),
        tests("RalphHistory", ["RalphCore", systemPaths]),
        tests(
            "RalphServer",
            ["RalphCore", "RalphAPI", "RalphClient", "RalphReport", "RalphHistory", systemPaths]
        ),
        tests(
            "RalphCommands",
            ["RalphCore", "RalphAPI", "RalphHistory", "RalphReport", "RalphPRD", "RalphAgents", systemPaths]
        ),
        tests("RalphManual", []),
        tests(
            "RalphDaemon",
            [
                "RalphCore", "RalphAPI", "RalphGit", "RalphHistory", "RalphAgents", "RalphProcess",
                "RalphReport",
                systemPaths,
            ]
        ),
    ]
)
