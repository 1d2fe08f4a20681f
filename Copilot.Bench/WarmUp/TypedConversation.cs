using System.Diagnostics;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs;
using Microsoft.Extensions.DependencyInjection;

namespace Copilot.Bench.WarmUp;

/// <summary>A conversation of somebody who types: what they write is announced before it is sent.</summary>
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

    private readonly string _sessionId = RunIds.NewSession(TimeProvider.System);

    /// <summary>The first key was pressed.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) =>
        services.GetRequiredService<IRunPreparations>().PrepareAsync(
            new RunPreparationRequest { SessionId = _sessionId, Owner = s_owner, Agent = s_agent }, cancellationToken);

    /// <summary>Sends a message and follows its run to the end.</summary>
    /// <returns>When the first word of the answer was there, as a stopwatch's timestamp.</returns>
    public async Task<long> AskAsync(string text, CancellationToken cancellationToken)
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
            },
            cancellationToken);
        var run = ((StartOutcome.Started)outcome).Run;
        var first = 0L;
        await foreach (var batch in services.GetRequiredService<IRunFeed>().FollowAsync(run.RunId, 0, cancellationToken))
        {
            if (first == 0 && batch.Any(one => one.Upstream is TextDeltaEvent { Kind: DeltaKind.OutputText }))
            {
                first = Stopwatch.GetTimestamp();
            }

            if (batch.Any(one => one.Type is RunEventTypes.RunFailed))
            {
                throw new InvalidOperationException("A run of the bench failed: " + batch[^1].Text("message"));
            }
        }

        return first;
    }
}
