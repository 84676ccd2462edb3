internal import ArgumentParser
internal import Logging
internal import ServiceLifecycle
