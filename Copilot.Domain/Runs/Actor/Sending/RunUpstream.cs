using Copilot.Domain.Responses;
using Copilot.Domain.Responses.Connecting;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Responses.Sessions;
using Copilot.Domain.Responses.Transports;
using Copilot.Domain.Runs.HostedTools;
using Copilot.Domain.Runs.Input;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Copilot.Domain.Runs.Actor.Sending;

/// <summary>
/// A run's connection to the upstream: opened for the run, closed with it. What happens on it reaches the run as messages, so
/// the run's loop stays free for commands.
/// </summary>
internal sealed class RunUpstream(
    IUpstreamConnector connector,
    UpstreamCompactor compactor,
    StoreAvailability availability,
    IRunEventStore store,
    StorageReads reads,
    ResponsesSession session,
    IFileContents files,
    WarmUpRefusals refusals,
    HostedToolCatalog hosted,
    TimeProvider time,
    IOptions<UpstreamOptions> options,
    IOptions<RunOptions> runOptions,
    ILogger<RunUpstream> logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    // An upstream may quote its own key as well as an MCP server's.
    private readonly SecretMask _secrets = hosted.Secrets.With(
        options.Value.Headers.Values.Append(options.Value.ApiKey).OfType<string>());
    private RunPreparation? _preparation;
    private CancellationTokenSource? _stream;
    private Task _work = Task.CompletedTask;
    private Task _steering = Task.CompletedTask;

    /// <summary>What was received and is not committed yet.</summary>
    public ByteBudget UnwrittenBytes { get; } = new(runOptions.Value.MaxUnwrittenBytes);

    /// <summary>Decides what to send.</summary>
    public ResponsesSession Session => session;

    /// <summary>The open transport, or null.</summary>
    public IResponsesTransport? Transport { get; private set; }

    /// <summary>Begins to open a transport for a run that is not there yet. The first <see cref="Connect"/> takes it.</summary>
    /// <param name="content">What the upstream may read already; null to open the socket alone.</param>
    public void Prepare(Func<CancellationToken, Task<WarmUpContent?>> content) =>
        _preparation = new RunPreparation(connector, session, refusals, content, logger);

    /// <summary>Begins to connect. Ends with <see cref="RunMessage.ConnectEnded"/>.</summary>
    public void Connect(ConnectPurpose purpose, Action<RunMessage> post) => _work = ConnectAsync(purpose, post);

    /// <summary>Plans the next request on the open transport.</summary>
    /// <param name="settings">Everything beside the input.</param>
    /// <param name="input">The whole conversation as the log tells it; files are named and not carried.</param>
    public async Task<ResponsePlan> PlanAsync(ResponseSettings settings, IReadOnlyList<InputItem> input) =>
        session.Plan(
            Transport ?? throw new InvalidOperationException("Not connected."),
            settings,
            await WithFilesAsync(input, CancellationToken.None).ConfigureAwait(false));

    /// <summary>The input as it is sent: with the contents of the files that are there now and of the log. Every request takes its input from here.</summary>
    public async Task<IReadOnlyList<InputItem>> WithFilesAsync(IReadOnlyList<InputItem> input, CancellationToken cancellationToken)
    {
        if (input.Any(item => item.Contents.Count > 0))
        {
            input = [.. input.Select(WithLog)];
        }

        var ids = input.SelectMany(item => item.Files).Select(file => file.Id).ToHashSet();
        if (ids.Count == 0)
        {
            return input;
        }

        var found = await reads.ReadAsync(token => files.FindAsync(ids, token), cancellationToken).ConfigureAwait(false);
        return [.. input.Select(item => InputMessage.WithContents(item, file => found.GetValueOrDefault(file.Id)))];
    }

    /// <summary>The item with its long texts open to be read.</summary>
    private InputItem WithLog(InputItem item) => item.Contents.Count == 0
        ? item
        : item with
        {
            Contents = [.. item.Contents.Select(slot => slot.Content.Source is { } source
                ? slot with { Content = slot.Content with { Open = () => store.OpenText(source) } }
                : slot)],
        };

    /// <summary>Begins to send a request and to read its events. Ends with <see cref="RunMessage.StreamEnded"/>.</summary>
    public void Send(PreparedRequest request, Action<RunMessage> post)
    {
        _stream?.Dispose();
        _stream = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        _work = StreamAsync(Transport ?? throw new InvalidOperationException("Not connected."), request, post, _stream.Token);
    }

    /// <summary>
    /// Reads no more of the response that was sent for, and closes the transport: a clean close on a socket that still works. What had
    /// arrived, and the stream's end, are in the mailbox by then.
    /// </summary>
    /// <returns>How the transport ended, or null when none was open.</returns>
    public async Task<(TransportKind Kind, TransportEnd End)?> AbortAsync()
    {
        if (_stream is { } stream)
        {
            await stream.CancelAsync().ConfigureAwait(false);
        }

        await _work.ConfigureAwait(false);
        return await DisconnectAsync().ConfigureAwait(false);
    }

    /// <summary>Begins to have a conversation compacted. Ends with <see cref="RunMessage.CompactionEnded"/>.</summary>
    public void Compact(ResponseSettings settings, IReadOnlyList<InputItem> input, Action<RunMessage> post) =>
        _work = CompactAsync(settings, input, post);

    /// <summary>Begins to send words into the response that is being read. Ends with <see cref="RunMessage.SteerSent"/>.</summary>
    public void Steer(SteerRequest request, string steerId, Action<RunMessage> post) => _steering = SteerAsync(Transport, request, steerId, post);

    /// <summary>Stops what is under way and closes the transport: a clean close on a socket that still works.</summary>
    /// <returns>How it ended, or null when none was open.</returns>
    public async Task<(TransportKind Kind, TransportEnd End)?> CloseAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        await _steering.ConfigureAwait(false);
        return await DisconnectAsync().ConfigureAwait(false);
    }

    /// <summary>Closes the transport; the next request needs a new one.</summary>
    public async Task<(TransportKind Kind, TransportEnd End)?> DisconnectAsync()
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
        if (_preparation is { } unused)
        {
            await unused.DisposeAsync().ConfigureAwait(false);
        }

        _stream?.Dispose();
        _stopping.Dispose();
    }

    private async Task ConnectAsync(ConnectPurpose purpose, Action<RunMessage> post)
    {
        try
        {
            Transport = await TakePreparedAsync(purpose, post).ConfigureAwait(false) ?? await connector
                .ConnectAsync(purpose, notice => post(new RunMessage.Connecting(notice)), _stopping.Token).ConfigureAwait(false);
            post(new RunMessage.ConnectEnded(null));
        }
        catch (Exception exception)
        {
            post(new RunMessage.ConnectEnded(_secrets.Apply(exception)));
        }
    }

    /// <summary>What was prepared, with all that happened on it; null where there is nothing, or nothing soon enough.</summary>
    private async Task<IResponsesTransport?> TakePreparedAsync(ConnectPurpose purpose, Action<RunMessage> post)
    {
        if (_preparation is not { } preparation)
        {
            return null;
        }

        // Somebody waits now: what would be too slow for a new connection is too slow for this one.
        _preparation = null;
        if (purpose is not ConnectPurpose.Run)
        {
            await preparation.DisposeAsync().ConfigureAwait(false);
            return null;
        }

        var timeout = options.Value.Transport is TransportChoice.Auto ? options.Value.SocketHeadStart : options.Value.ConnectTimeout;
        var ready = await preparation
            .TakeAsync(timeout, time, _stopping.Token).ConfigureAwait(false);
        if (ready is not null)
        {
            foreach (var notice in preparation.Notices)
            {
                post(new RunMessage.Connecting(notice is ConnectNotice.Connected opened ? opened with { Prepared = true } : notice));
            }
        }

        return ready;
    }

    private async Task CompactAsync(ResponseSettings settings, IReadOnlyList<InputItem> input, Action<RunMessage> post)
    {
        try
        {
            post(new RunMessage.CompactionEnded(await compactor.CompactAsync(settings, input, _stopping.Token).ConfigureAwait(false), null));
        }
        catch (Exception exception)
        {
            post(new RunMessage.CompactionEnded(null, _secrets.Apply(exception)));
        }
    }

    private async Task SteerAsync(IResponsesTransport? transport, SteerRequest request, string steerId, Action<RunMessage> post)
    {
        var sent = false;
        try
        {
            sent = transport is not null && await transport.TrySteerAsync(request, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The run ends, or its connection has; whether the words were sent, the stream's end says.
        }

        post(new RunMessage.SteerSent(steerId, sent));
    }

    private async Task StreamAsync(
        IResponsesTransport transport, PreparedRequest request, Action<RunMessage> post, CancellationToken cancellationToken)
    {
        var deltas = _secrets.ForDeltas();
        try
        {
            ResponseEvent? last = null;
            await foreach (var received in transport.CreateResponseAsync(request, cancellationToken).ConfigureAwait(false))
            {
                if (IsRepetition(received, last))
                {
                    continue;
                }

                last = received;

                // Masked first: the bytes that enter the budget are those that leave it.
                var masked = deltas.Apply(_secrets.Apply(received));
                for (var i = 0; i < masked.Count; i++)
                {
                    await UnwrittenBytes.EnterAsync(masked[i].Json.Length, cancellationToken).ConfigureAwait(false);
                    post(new RunMessage.Received(masked[i]));
                }

                // While nothing can be saved, nothing more is read.
                await availability.WaitUntilAvailableAsync(cancellationToken).ConfigureAwait(false);
            }

            PostHeld();
            post(new RunMessage.StreamEnded(null));
        }
        catch (Exception exception)
        {
            PostHeld();
            post(new RunMessage.StreamEnded(_secrets.Apply(exception)));
        }

        // Little, and the last: the budget is only told, not asked.
        void PostHeld()
        {
            foreach (var held in deltas.Flush())
            {
                UnwrittenBytes.Take(held.Json.Length);
                post(new RunMessage.Received(held));
            }
        }
    }

    /// <summary>True for the same event once more, number and all; without a number two equal deltas may both be meant.</summary>
    private static bool IsRepetition(ResponseEvent received, ResponseEvent? last) =>
        received.SequenceNumber is not null && received.SequenceNumber == last?.SequenceNumber && received.Json.Span.SequenceEqual(last!.Json.Span);
}
