using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Runs.Supervising;
using Copilot.Web.Sessions;

namespace Copilot.Web.Components.Supervision;

/// <summary>Which verbs fit a run as it is now. Only what is offered: whether it counts is decided when it is asked for.</summary>
internal static class RunVerbOffers
{
    /// <summary>The verbs, the most urgent first.</summary>
    public static IReadOnlyList<RunVerb> For(RunSummary run, UserInfo user)
    {
        if (run.Status.IsTerminal())
        {
            return run is { Status: RunStatus.Failed or RunStatus.Cancelled, ForgottenAt: null } ? [RunVerb.Retry] : [];
        }

        var isOwner = run.UserId == user.Id;
        var works = run.Status is RunStatus.Running or RunStatus.Waiting;
        var verbs = new List<RunVerb>();
        if (run.Status is RunStatus.Waiting && run.PendingApprovals.Count > 0)
        {
            if (!isOwner || run.PendingApprovals.Any(call => !call.NeedsOther))
            {
                verbs.Add(RunVerb.Approve);
            }

            verbs.Add(RunVerb.Deny);
        }

        if (run.Status is RunStatus.Interrupted || run.Pause is not null)
        {
            verbs.Add(RunVerb.Resume);
        }
        else if (works)
        {
            verbs.Add(RunVerb.Pause);
        }

        if (works)
        {
            verbs.Add(RunVerb.Say);
            if (IsHolder(run, user))
            {
                verbs.Add(RunVerb.HandBack);
            }
            else if (run.TakeOver is null && !isOwner)
            {
                verbs.Add(RunVerb.TakeOver);
            }

            if (CallsOf(run).Count > 0)
            {
                verbs.Add(RunVerb.CancelCall);
            }

            if (run.Vitals.RequestSentAt is not null)
            {
                verbs.Add(RunVerb.Retry);
            }
        }

        verbs.Add(RunVerb.Stop);
        return verbs;
    }

    /// <summary>
    /// The verbs in the places that they have as long as the run works, and whether each fits now: what comes and goes moves nothing under
    /// a pointer. Those that exclude each other share a place. Of a run that has ended there are only those that fit.
    /// </summary>
    public static IReadOnlyList<(RunVerb Verb, bool Fits)> PlacesFor(RunSummary run, UserInfo user)
    {
        var fitting = For(run, user);
        if (run.Status.IsTerminal())
        {
            return [.. fitting.Select(verb => (verb, true))];
        }

        RunVerb[] places =
        [
            RunVerb.Approve,
            RunVerb.Deny,
            fitting.Contains(RunVerb.Resume) ? RunVerb.Resume : RunVerb.Pause,
            RunVerb.Say,
            fitting.Contains(RunVerb.HandBack) ? RunVerb.HandBack : RunVerb.TakeOver,
            RunVerb.CancelCall,
            RunVerb.Stop,
            RunVerb.Retry,
        ];
        // Nobody takes their own run over, whatever its state.
        return [.. places.Where(verb => verb is not RunVerb.TakeOver || run.UserId != user.Id).Select(verb => (verb, fitting.Contains(verb)))];
    }

    /// <summary>The verb that is in the same place at other times; null for one that has its place alone.</summary>
    public static RunVerb? OtherOf(RunVerb verb) => verb switch
    {
        RunVerb.Pause => RunVerb.Resume,
        RunVerb.Resume => RunVerb.Pause,
        RunVerb.TakeOver => RunVerb.HandBack,
        RunVerb.HandBack => RunVerb.TakeOver,
        _ => null,
    };

    /// <summary>True for the person who answers in the agent's place, and for admins while somebody does.</summary>
    public static bool IsHolder(RunSummary run, UserInfo user) =>
        run.TakeOver is { } taken && run.UserId != user.Id && (taken.Actor?.Id == user.Id || user.IsAdmin);

    /// <summary>The calls that can be cancelled: under way, or waiting for a person. Each with its tool.</summary>
    public static IReadOnlyList<(string CallId, string Tool)> CallsOf(RunSummary run) =>
    [
        .. run.ActiveTools.Select(tool => (tool.CallId, tool.Name)),
        .. run.PendingApprovals.Select(call => (call.CallId, call.Name)),
    ];
}
