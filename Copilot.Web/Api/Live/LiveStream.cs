using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Copilot.Domain.Audit;
using Copilot.Web.Api.Runs;
using Copilot.Web.Api.Streaming;
using Copilot.Web.Audit;
using Copilot.Web.Identity;
using Copilot.Web.Supervision;

namespace Copilot.Web.Api.Live;

/// <summary>
/// <c>GET /api/live</c>: the live runs that a supervisor may see, as server-sent events: first a <c>snapshot</c> of all, then each
/// <c>change</c>. Who comes back gets a snapshot again, so nothing that happened meanwhile is missed.
/// </summary>
internal sealed class LiveStream(
    LiveBoard board,
    SupervisorAccess access,
    AccessChanges changes,
    AccessWatches watches,
    RequestReads reads,
    IHostApplicationLifetime lifetime,
    TimeProvider time)
{
    /// <summary>Writes the stream until the permission ends, the client leaves or the server stops. 404 for who supervises nothing.</summary>
    public async Task<IResult> HandleAsync(HttpContext context, ApiCaller caller)
    {
        // Taken before the person is read: a change in between ends the stream.
        var keyRevoked = changes.TokenFor(caller.KeyId);
        if (await access.FindAsync(caller.User.Id, context.RequestAborted) is not { } scope)
        {
            return ApiProblem.NotFound();
        }

        // Before the first word of others: one entry for all of them, however often a program comes back.
        await reads.RecordAsync(AccessActions.WallOpened, caller.User.Id, scope.TeamId ?? "", ownerId: null, context.RequestAborted);
        await using var watch = watches.Watch(caller, async stop => await access.FindAsync(caller.User.Id, stop) is { } now && now.TeamId == scope.TeamId);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(
            [context.RequestAborted, scope.Revoked, keyRevoked, watch.Ended, lifetime.ApplicationStopping]);
        ServerSentEvents.Prepare(context);
        var output = context.Response.BodyWriter;
        try
        {
            output.Write(ServerSentEvents.Retry);
            await WriteAsync(output, scope, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The stream simply ends.
        }

        return Results.Empty;
    }

    private async Task WriteAsync(PipeWriter output, SupervisorScope scope, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(ServerSentEvents.CommentInterval, time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        Dictionary<string, LiveRow>? sent = null;
        while (true)
        {
            var changed = board.Changed;
            sent = WriteChange(output, scope, sent, board.Current);
            await ServerSentEvents.FlushAsync(output, cancellationToken);
            await Task.WhenAny(changed, tick);
            if (tick.IsCompleted)
            {
                await tick;
                output.Write(ServerSentEvents.Comment);
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
            }
        }
    }

    // Rows that have not changed are the same objects.
    private static Dictionary<string, LiveRow> WriteChange(
        PipeWriter output, SupervisorScope scope, Dictionary<string, LiveRow>? sent, LiveSnapshot snapshot)
    {
        var now = snapshot.Rows.Where(row => scope.Holds(row.Run)).ToDictionary(row => row.RunId);
        LiveRow[] runs = [.. snapshot.Rows.Where(row => now.ContainsKey(row.RunId) && !ReferenceEquals(sent?.GetValueOrDefault(row.RunId), row))];
        string[] gone = [.. sent?.Keys.Where(id => !now.ContainsKey(id)) ?? []];
        if (sent is null || runs.Length > 0 || gone.Length > 0)
        {
            Write(output, sent is null ? "snapshot" : "change", new LiveDocument(snapshot.Version, [.. runs.Select(LiveRunDocument.From)], gone));
        }

        return now;
    }

    private static void Write(PipeWriter output, string name, LiveDocument document)
    {
        output.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"id: {document.Version}\nevent: {name}\ndata: ")));
        using (var writer = new Utf8JsonWriter(output))
        {
            JsonSerializer.Serialize(writer, document, ApiJson.Default.LiveDocument);
        }

        output.Write("\n\n"u8);
    }
}
