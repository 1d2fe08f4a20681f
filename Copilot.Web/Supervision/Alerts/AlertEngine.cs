using Copilot.Domain.Runs.Events;
using Copilot.Domain.Supervision;
using Copilot.Web.Storage;
using Copilot.Web.Supervision.Help;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision.Alerts;

/// <summary>Turns the signs of the live board, and the requests for help, into alerts. Writes only when something is different.</summary>
internal sealed partial class AlertEngine(
    LiveBoard board, IRunPresence presence, HelpRequests help, RunAlerts alerts, IOptions<AlertOptions> options, TimeProvider time, ILogger<AlertEngine> logger) : BackgroundService
{
    /// <summary>The kind of an alert for a request for help.</summary>
    public const string HelpRequested = "help_requested";

    // Until then not every run of the process before is known again.
    private static readonly TimeSpan s_afterStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestSleep = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_afterFailure = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = time.GetUtcNow();
        while (true)
        {
            var changed = Task.WhenAny(board.Changed, presence.Changed, help.Changed, alerts.Changed);
            var sleep = s_afterFailure;
            try
            {
                var now = time.GetUtcNow();
                var isSettled = now >= started + s_afterStart;
                var (signs, due) = Signs(now);
                await alerts.ApplyAsync(signs, clears: isSettled, stoppingToken);
                due = Earlier(due, alerts.NextAt(now));
                due = isSettled ? due : Earlier(due, started + s_afterStart);
                sleep = due is { } next && next - now < s_longestSleep ? next - now : s_longestSleep;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // An engine that stands still would be believed.
                LogBroken(exception);
            }

            using var delay = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(changed, Task.Delay(sleep, time, delay.Token));
            await delay.CancelAsync();
            await Task.Delay(s_pace, time, stoppingToken);
        }
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one < other || other is null ? one : other;

    /// <summary>What stands for long enough, and when the next sign does.</summary>
    private (List<AlertSign> Signs, DateTimeOffset? Due) Signs(DateTimeOffset now)
    {
        var signs = new List<AlertSign>();
        DateTimeOffset? due = null;
        foreach (var row in board.Current.Rows)
        {
            // Requests for help come from their own table, which has them after the run's end, too.
            foreach (var sign in row.Assessment.Signs.Where(
                sign => sign.Kind is not SignKind.HelpRequested && sign.Kind.Group() is not null && !options.Value.Off.Contains(sign.Kind.ToWire())))
            {
                // Who wrote a rule has said when it is time.
                var raisedAt = sign.Since + (sign.Kind is SignKind.RuleFired ? TimeSpan.Zero : options.Value.RaiseAfter);
                if (raisedAt > now)
                {
                    due = Earlier(due, raisedAt);
                    continue;
                }

                signs.Add(new AlertSign(
                    row.RunId,
                    row.Run.SessionId,
                    new RunOwner(row.Run.UserId, row.Run.TeamId),
                    sign.Kind.ToWire(),
                    sign.CallId is null ? null : sign.Subject,
                    presence.ClaimOf(row.RunId))
                {
                    RuleId = sign.RuleId ?? "",
                    RuleName = sign.RuleId is null ? null : sign.Subject,
                    Seq = sign.RuleId is null ? null : sign.Seq,
                    Firings = sign.RuleId is null ? 0 : sign.Count ?? 1,
                });
            }
        }

        if (!options.Value.Off.Contains(HelpRequested))
        {
            signs.AddRange(help.Open.Values.Select(request => new AlertSign(request.RunId, request.SessionId, request.Owner, HelpRequested, Tool: null, ClaimOf(request))));
        }

        return (signs, due);
    }

    private static RunClaim? ClaimOf(HelpRequest request) =>
        request is { Helper: { } helper, AcceptedAt: { } since } ? new RunClaim(helper.Id, helper.Name, since) : null;

    [LoggerMessage(LogLevel.Error, "Turning signs into alerts failed; trying again")]
    private partial void LogBroken(Exception exception);
}
