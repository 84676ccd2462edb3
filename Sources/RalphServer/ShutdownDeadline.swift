internal import NIOCore

/// Closes a connection that is still open some time after the server was told to stop: a client that does not read its
/// answer, or does not finish its request, would else keep the daemon from stopping.
final class ShutdownDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    /// Enough to end an answer that is being read.
    private static let grace = TimeAmount.seconds(1)

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            let channel = context.channel
            _ = channel.eventLoop.scheduleTask(in: Self.grace) { channel.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }
}
