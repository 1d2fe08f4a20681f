using Copilot.Domain.Responses;

namespace Copilot.Domain.Runs;

/// <summary>
/// A run's connection to the upstream: opened for the run, closed with it. What happens on it reaches the run as messages, so
/// the run's loop stays free for commands.
/// </summary>
internal sealed class RunUpstream(IUpstreamConnector connector, RunEventWriter writer, ResponsesSession session) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _work = Task.CompletedTask;

    /// <summary>Decides what to send.</summary>
    public ResponsesSession Session => session;

    /// <summary>The open transport, or null.</summary>
    public IResponsesTransport? Transport { get; private set; }

    /// <summary>Begins to connect. Ends with <see cref="RunMessage.ConnectEnded"/>.</summary>
    public void Connect(ConnectPurpose purpose, Action<RunMessage> post) => _work = ConnectAsync(purpose, post);

    /// <summary>Begins to send a request and to read its events. Ends with <see cref="RunMessage.StreamEnded"/>.</summary>
    public void Send(ResponseRequest request, ByteBudget budget, Action<RunMessage> post) =>
        _work = StreamAsync(Transport ?? throw new InvalidOperationException("Not connected."), request, budget, post);

    /// <summary>Stops whatever is under way and closes the transport: a clean close on a socket that still works.</summary>
    /// <returns>How it ended, or null when none was open.</returns>
    public async Task<(TransportKind Kind, TransportEnd End)?> CloseAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        return await DropAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the transport; the next request needs a new one.</summary>
    public async Task<(TransportKind Kind, TransportEnd End)?> DropAsync()
    {
        if (Transport is not { } transport)
        {
            return null;
        }

        Transport = null;
        await transport.DisposeAsync().ConfigureAwait(false);
        return (transport.Kind, await transport.Ended.ConfigureAwait(false));
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task ConnectAsync(ConnectPurpose purpose, Action<RunMessage> post)
    {
        try
        {
            Transport = await connector
                .ConnectAsync(purpose, notice => post(new RunMessage.Connecting(notice)), _stopping.Token).ConfigureAwait(false);
            post(new RunMessage.ConnectEnded(null));
        }
        catch (Exception exception)
        {
            post(new RunMessage.ConnectEnded(exception));
        }
    }

    private async Task StreamAsync(
        IResponsesTransport transport, ResponseRequest request, ByteBudget budget, Action<RunMessage> post)
    {
        try
        {
            await foreach (var received in transport.CreateResponseAsync(request, _stopping.Token).ConfigureAwait(false))
            {
                await budget.EnterAsync(received.Json.Length, _stopping.Token).ConfigureAwait(false);
                post(new RunMessage.Received(received));

                // While nothing can be kept, nothing more is read.
                await writer.WaitUntilAvailableAsync(_stopping.Token).ConfigureAwait(false);
            }

            post(new RunMessage.StreamEnded(null));
        }
        catch (Exception exception)
        {
            post(new RunMessage.StreamEnded(exception));
        }
    }
}
