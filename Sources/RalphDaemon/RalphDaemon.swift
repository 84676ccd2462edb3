internal import ServiceLifecycle
internal import Logging
internal import ArgumentParser
