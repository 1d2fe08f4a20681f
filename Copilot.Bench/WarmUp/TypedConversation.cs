using System.Diagnostics;
using System.Runtime.CompilerServices;
using Copilot.Domain.Responses.Events;
using Copilot.Domain.Runs;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Events.Payloads;
using Copilot.Domain.Runs.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.WarmUp;

/// <summary>A conversation with warm-up: typing is announced before the message is sent.</summary>
internal sealed class TypedConversation(IServiceProvider services)
{
    private static readonly EventActor s_actor = new("usr_bench", "Staff");
    private static readonly RunOwner s_owner = new(s_actor.Id, "team_default");

    private static readonly AgentSnapshot s_agent = new()
    {
        Id = "agt_default",
        Version = 1,
        Name = "Copilot",
        Instructions = "Answer with the tools you have. Be brief.",
        Model = "demo-1",
    };

    /// <summary>What goes upstream with each request.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    private readonly string _sessionId = RunIds.NewSession(TimeProvider.System);

    /// <summary>The first key was pressed.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) =>
        services.GetRequiredService<IRunPreparations>().PrepareAsync(
            new RunPreparationRequest { SessionId = _sessionId, Owner = s_owner, Agent = s_agent }, cancellationToken);

    /// <summary>Sends a message and follows its run to the end.</summary>
    /// <returns>When the first word of the answer was there, as a stopwatch's timestamp.</returns>
    public async Task<long> AskAsync(string text, CancellationToken cancellationToken)
    {
        var first = 0L;
        await foreach (var batch in SendAsync(text, cancellationToken))
        {
            if (first == 0 && batch.Any(one => one.Upstream is TextDeltaEvent { Kind: DeltaKind.OutputText }))
            {
                first = Stopwatch.GetTimestamp();
            }

            if (batch[^1].Payload is RunFailed failed)
            {
                throw new InvalidOperationException("A run of the bench failed: " + failed.Message);
            }
        }

        return first;
    }

    /// <summary>Sends a message and gives all events of its run, however it ends.</summary>
    public async Task<IReadOnlyList<RunEvent>> FollowAsync(string text, CancellationToken cancellationToken)
    {
        var events = new List<RunEvent>();
        await foreach (var batch in SendAsync(text, cancellationToken))
        {
            events.AddRange(batch);
        }

        return events;
    }

    private async IAsyncEnumerable<IReadOnlyList<RunEvent>> SendAsync(string text, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outcome = await services.GetRequiredService<IRuns>().StartAsync(
            new RunRequest
            {
                SessionId = _sessionId,
                Owner = s_owner,
                Actor = s_actor,
                Agent = s_agent,
                Input = text,
                Parent = new RunParent.Latest(),
                Metadata = Metadata,
            },
            cancellationToken);
        var run = ((StartOutcome.Started)outcome).Run;
        await foreach (var batch in services.GetRequiredService<IRunFeed>().FollowAsync(run.RunId, 0, cancellationToken))
        {
            yield return batch;
        }
    }
}
