using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Api.Runs;
using Copilot.Web.Identity;

namespace Copilot.Web.Api.Streaming;

/// <summary>
/// <c>GET /api/runs/{id}/events</c>: the run's events as server-sent events, from a position on, until the run has settled.
/// </summary>
internal sealed class RunEventStream(
    RunLookup lookup, IRunFeed feed, RunCompletionWaiter rest, AccessWatches watches, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <inheritdoc cref="ServerSentEvents.CommentInterval"/>
    internal static readonly TimeSpan CommentInterval = ServerSentEvents.CommentInterval;

    // A slow reader holds back the writing, not the memory.
    private const int FlushBytes = 64 * 1024;

    /// <summary>
    /// Where to begin: <c>Last-Event-ID</c>, which a reconnecting EventSource sends, wins over <c>after</c>; 0 without both.
    /// Null when the one that counts is no position.
    /// </summary>
    private static long? Position(HttpRequest request)
    {
        var text = request.Headers["Last-Event-ID"].ToString();
        if (text.Length == 0)
        {
            text = request.Query["after"].ToString();
        }

        return text.Length == 0 ? 0
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position) ? position
            : null;
    }

    /// <summary>Whether each message is to have the event's type as its name: null when that cannot be read.</summary>
    private static bool? AreNamed(HttpRequest request) => request.Query["event_names"].ToString() switch
    {
        "" or "false" => false,
        "true" => true,
        _ => null,
    };

    /// <summary>Answers a request for the stream.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller, string runId)
    {
        if (Position(context.Request) is not { } after)
        {
            return ApiProblem.BadRequest(ApiText.PositionInvalid);
        }

        if (AreNamed(context.Request) is not { } named)
        {
            return ApiProblem.BadRequest(ApiText.EventNamesInvalid);
        }

        if (await lookup.FindAsync(caller, runId, RunAction.View, context.RequestAborted) is not { } leased)
        {
            return ApiProblem.NotFound();
        }

        if (leased.Run.Status.IsSettled() && after >= leased.Run.HeadSeq)
        {
            // Tells an EventSource not to come back; a stream that ends would be opened again for ever.
            return TypedResults.NoContent();
        }

        if (after > leased.Run.HeadSeq)
        {
            return ApiProblem.BadRequest(ApiText.PositionBeyond(leased.Run.HeadSeq));
        }

        await WriteAsync(context, caller, leased, after, named);
        return Results.Empty;
    }

    /// <summary>Writes the stream; returns when the run has settled, the permission ends, the client leaves or the server stops.</summary>
    private async Task WriteAsync(HttpContext context, ApiCaller caller, LeasedRun leased, long after, bool named)
    {
        await using var watch = watches.Watch(caller, new RunOwner(leased.Run.UserId, leased.Run.TeamId), RunAction.View);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            [context.RequestAborted, leased.Lease.Revoked, leased.KeyRevoked, watch.Ended, lifetime.ApplicationStopping]);
        ServerSentEvents.Prepare(context);
        var output = context.Response.BodyWriter;
        try
        {
            output.Write(ServerSentEvents.Retry);
            await ServerSentEvents.FlushAsync(output, ended.Token);
            await WriteEventsAsync(output, leased.Run.RunId, after, named, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The stream simply ends; a client that may still read goes on at the last id.
        }
    }

    private async Task WriteEventsAsync(PipeWriter output, string runId, long after, bool named, CancellationToken cancellationToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var batches = feed.FollowAsync(runId, after, reading.Token).GetAsyncEnumerator(reading.Token);
        using var timer = new PeriodicTimer(CommentInterval, time);
        var tick = timer.WaitForNextTickAsync(reading.Token).AsTask();
        var next = batches.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                await Task.WhenAny(next, tick);
                if (tick.IsCompleted)
                {
                    await tick;
                    output.Write(ServerSentEvents.Comment);
                    tick = timer.WaitForNextTickAsync(reading.Token).AsTask();
                }

                if (next.IsCompleted)
                {
                    if (!await next || await WriteBatchAsync(output, batches.Current, named, cancellationToken))
                    {
                        return;
                    }

                    next = batches.MoveNextAsync().AsTask();
                }

                await ServerSentEvents.FlushAsync(output, cancellationToken);
            }
        }
        finally
        {
            // An iterator that is still moving must not be disposed.
            await reading.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // True when the run has settled with the last of these events.
    private async Task<bool> WriteBatchAsync(PipeWriter output, IReadOnlyList<RunEvent> batch, bool named, CancellationToken cancellationToken)
    {
        foreach (var runEvent in batch)
        {
            RunEventLine.Write(output, runEvent, named);
            if (output.UnflushedBytes > FlushBytes)
            {
                await ServerSentEvents.FlushAsync(output, cancellationToken);
            }
        }

        await ServerSentEvents.FlushAsync(output, cancellationToken);
        return await rest.FindRestAsync(batch, cancellationToken) is not null;
    }
}
