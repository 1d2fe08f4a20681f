using Copilot.Domain.Runs.Summaries.Supervision;

namespace Copilot.Web.Supervision.Rules;

/// <summary>Notes when each rule fired last, from what the live board shows of the runs: after it is committed there.</summary>
internal sealed partial class RuleLedger(LiveBoard board, RuleDesk desk, TimeProvider time, ILogger<RuleLedger> logger) : BackgroundService
{
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, DateTimeOffset> _noted = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var changed = board.Changed;
            try
            {
                var fired = New();
                if (fired.Count > 0)
                {
                    await desk.NoteAsync(fired, stoppingToken);
                    foreach (var (_, firing) in fired)
                    {
                        _noted[firing.RuleId] = firing.At > _noted.GetValueOrDefault(firing.RuleId) ? firing.At : _noted[firing.RuleId];
                    }
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogNotNoted(exception);
            }

            await changed.WaitAsync(stoppingToken);
            await Task.Delay(s_pace, time, stoppingToken);
        }
    }

    private List<(string RunId, RuleFiring Firing)> New() =>
    [
        .. board.Current.Rows
            .SelectMany(row => row.Run.Vitals.Rules.Values.Select(firing => (row.RunId, firing)))
            .Where(one => one.firing.At > _noted.GetValueOrDefault(one.firing.RuleId)),
    ];

    [LoggerMessage(LogLevel.Warning, "When rules fired last could not be noted; trying again")]
    private partial void LogNotNoted(Exception exception);
}
