using Copilot.Domain.Runs.Summaries;

namespace Copilot.Web.Sessions.Conversations;

/// <summary>What runs at work are doing, by their session. One thread at a time writes, any reads.</summary>
internal sealed class LiveStatuses
{
    private readonly Dictionary<string, RunStatus> _bySession = [];

    /// <summary>Status of the run that is at work in a session, or null.</summary>
    public RunStatus? Find(string sessionId)
    {
        lock (_bySession)
        {
            return _bySession.TryGetValue(sessionId, out var status) ? status : null;
        }
    }

    /// <summary>Takes changed runs. True when a session appeared, moved or settled; text that streams changes nothing here.</summary>
    public bool Apply(IReadOnlyList<RunSummary> changed)
    {
        var visible = false;
        lock (_bySession)
        {
            foreach (var run in changed)
            {
                if (run.Status.IsSettled())
                {
                    visible |= _bySession.Remove(run.SessionId) || run.ForgottenAt is not null;
                }
                else if (!(run.Status is RunStatus.Queued && _bySession.ContainsKey(run.SessionId)))
                {
                    visible |= !_bySession.TryGetValue(run.SessionId, out var known) || known != run.Status;
                    _bySession[run.SessionId] = run.Status;
                }
            }
        }

        return visible;
    }
}
