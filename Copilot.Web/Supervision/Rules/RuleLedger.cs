using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Web.Supervision.Rules;

/// <summary>Notes when each rule fired last, from what the live board shows of the runs: after it is committed there.</summary>
internal sealed partial class RuleLedger(LiveBoard board, SupervisionRules rules, TimeProvider time, ILogger<RuleLedger> logger) : BackgroundService
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    // What is on the board now and stands in the table. A firing of long ago may come late from another run: the newest alone is not enough.
    private HashSet<(string RunId, string RuleId, DateTimeOffset At)> _noted = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var changed = board.Changed;
            try
            {
                var all = board.Current.Rows.SelectMany(row => row.Run.Vitals.Rules.Values.Select(firing => (row.RunId, Firing: firing))).ToList();
                var fired = all.Where(one => !_noted.Contains(Key(one))).ToList();
                if (fired.Count > 0)
                {
                    await rules.NoteAsync(fired, stoppingToken);
                }

                _noted = [.. all.Select(Key)];
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotNoted(exception);
            }

            await changed.WaitAsync(stoppingToken);
            await Task.Delay(s_pace, time, stoppingToken);
        }
    }

    private static (string RunId, string RuleId, DateTimeOffset At) Key((string RunId, RuleFiring Firing) one) => (one.RunId, one.Firing.RuleId, one.Firing.At);

    [LoggerMessage(LogLevel.Warning, "When rules fired last could not be noted; trying again")]
    private partial void LogNotNoted(Exception exception);
}
