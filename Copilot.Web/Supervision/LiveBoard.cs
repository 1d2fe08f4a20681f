using System.Collections.Immutable;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Log;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Storage;
using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Rules;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision;

/// <summary>
/// Every run that is live or has just ended, assessed: made once for all who look. Follows the directory; changed runs are assessed at
/// most five times a second, and once a second those for which time alone tells something new.
/// </summary>
internal sealed partial class LiveBoard(
    IRunDirectory directory,
    IRunEventStore store,
    IRunPresence presence,
    RunClaims claims,
    HelpDesk help,
    RulesInForce rules,
    BoardNames names,
    ContextWindows windows,
    IOptions<SupervisionOptions> options,
    TimeProvider time,
    ILogger<LiveBoard> logger) : BackgroundService
{
    /// <summary>How long a run stays after its end.</summary>
    internal static readonly TimeSpan EndedLifetime = TimeSpan.FromSeconds(60);

    /// <summary>How long an interrupted run stays, if nobody takes it up.</summary>
    internal static readonly TimeSpan InterruptedLifetime = TimeSpan.FromHours(1);

    /// <summary>Of how many agents and models the thresholds are kept.</summary>
    internal const int MaxThresholds = 256;

    private const int MaxEnded = 200;

    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, LiveRow> _rows = [];
    private readonly Dictionary<string, TokenRate> _rates = [];
    private readonly Dictionary<(string Agent, string Model), SupervisionThresholds> _thresholds = [];
    private readonly AsyncSignal _changed = new();
    private LiveSnapshot _current = LiveSnapshot.Empty;
    private long _seenPresence;
    private IReadOnlyDictionary<string, HelpRequest>? _seenHelp;
    private IReadOnlyList<RuleEvaluator> _rules = [];
    private bool _isChanged;

    /// <summary>The board now.</summary>
    public LiveSnapshot Current => Volatile.Read(ref _current);

    /// <summary>Completes at the next change. Take it before looking at <see cref="Current"/>.</summary>
    public Task Changed => _changed.Next;

    /// <summary>How much is kept of runs; leak tests read it.</summary>
    internal int Held => _rows.Count + _rates.Count + _thresholds.Count;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await FollowAsync(stoppingToken);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A wall that stands still would be believed.
                LogBroken(exception);
                await Task.Delay(s_tick, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken stoppingToken)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var changes = directory.FollowAsync(RunScope.Everyone, reading.Token).GetAsyncEnumerator(reading.Token);
        var next = changes.MoveNextAsync().AsTask();
        using var timer = new PeriodicTimer(s_tick, time);
        var tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
        try
        {
            await AddInterruptedAsync(stoppingToken);
            while (true)
            {
                var seen = presence.Changed;
                var asked = help.Changed;
                var ruled = rules.Changed;
                ApplyPresence();
                ApplyHelp();
                ApplyRules();
                if (next.IsCompleted)
                {
                    await next;
                    await ApplyAsync(changes.Current, stoppingToken);
                    next = changes.MoveNextAsync().AsTask();
                }

                if (tick.IsCompleted)
                {
                    await tick;
                    Tick();
                    tick = timer.WaitForNextTickAsync(stoppingToken).AsTask();
                }

                if (Publish())
                {
                    // What comes meanwhile is shown together.
                    await Task.Delay(s_pace, time, stoppingToken);
                }
                else
                {
                    await Task.WhenAny(next, tick, seen, asked, ruled);
                }
            }
        }
        finally
        {
            // An iterator that is still moving must not be disposed.
            await reading.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Those that wait for a person since before this process began; nobody reports them.</summary>
    private async Task AddInterruptedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var since = time.GetUtcNow() - InterruptedLifetime;
            var interrupted = await store.ReadInterruptedAsync(cancellationToken);
            await ApplyAsync([.. interrupted.Where(run => run.LastEventAt > since)], cancellationToken);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
        {
            LogNotRead(exception);
        }
    }

    private async Task ApplyAsync(IReadOnlyList<RunSummary> changed, CancellationToken cancellationToken)
    {
        await names.LearnAsync(changed.Select(run => (run.UserId, run.TeamId)), cancellationToken);
        var now = time.GetUtcNow();
        foreach (var run in changed)
        {
            var known = _rows.GetValueOrDefault(run.RunId);
            if (known is not null && known.Run.HeadSeq > run.HeadSeq)
            {
                continue;
            }

            if (IsOver(run, now))
            {
                Remove(run.RunId);
                continue;
            }

            Assess(known, run, now);
        }
    }

    private void Assess(LiveRow? known, RunSummary run, DateTimeOffset now)
    {
        var thresholds = ThresholdsOf(run);
        var assessment = RunAssessment.Of(run, now, thresholds, known?.Assessment, HelpSince(run.RunId), _rules);
        if (run.Status.IsSettled())
        {
            _rates.Remove(run.RunId);
        }
        else
        {
            if (!_rates.TryGetValue(run.RunId, out var rate))
            {
                _rates[run.RunId] = rate = new TokenRate();
            }

            rate.Reach(assessment.StreamedLength);
        }

        _rows[run.RunId] = new LiveRow(run, assessment)
        {
            ContextShare = run.ContextTokens is { } held && thresholds.ContextTokens is { } window ? (double)held / window : null,
            PersonName = names.Person(run.UserId),
            TeamName = names.Team(run.TeamId),
            Watchers = known?.Watchers ?? presence.WatchersOf(run.RunId),
            Claim = known is null ? presence.ClaimOf(run.RunId) : known.Claim,
            TokensPerSecond = run.Status.IsSettled() ? 0 : known?.TokensPerSecond ?? 0,
        };
        _isChanged = true;
    }

    private void Tick()
    {
        var now = time.GetUtcNow();
        foreach (var row in _rows.Values.ToList())
        {
            if (IsOver(row.Run, now))
            {
                Remove(row.RunId);
                continue;
            }

            if (row.Assessment.NextChangeAt <= now)
            {
                Assess(row, row.Run, now);
            }

            if (_rates.TryGetValue(row.RunId, out var rate))
            {
                rate.Tick();
                if (rate.Now != row.TokensPerSecond)
                {
                    _rows[row.RunId] = _rows[row.RunId] with { TokensPerSecond = rate.Now };
                    _isChanged = true;
                }
            }
        }

        // However many runs end in a minute, the wall stays a wall.
        foreach (var row in _rows.Values.Where(row => row.Assessment.Group is AttentionGroup.JustEnded).OrderByDescending(row => row.Since).Skip(MaxEnded).ToList())
        {
            Remove(row.RunId);
        }
    }

    private void ApplyPresence()
    {
        var version = presence.Version;
        if (version == _seenPresence)
        {
            return;
        }

        _seenPresence = version;
        foreach (var row in _rows.Values.ToList())
        {
            var (watchers, claim) = (presence.WatchersOf(row.RunId), presence.ClaimOf(row.RunId));
            if (watchers != row.Watchers || claim != row.Claim)
            {
                _rows[row.RunId] = row with { Watchers = watchers, Claim = claim };
                _isChanged = true;
            }
        }
    }

    private void ApplyHelp()
    {
        if (ReferenceEquals(help.Open, _seenHelp))
        {
            return;
        }

        _seenHelp = help.Open;
        var now = time.GetUtcNow();
        foreach (var row in _rows.Values.Where(row => HelpSince(row.RunId) != row.Assessment.Signs.FirstOrDefault(sign => sign.Kind is SignKind.HelpRequested)?.Since).ToList())
        {
            Assess(row, row.Run, now);
        }
    }

    private void ApplyRules()
    {
        if (ReferenceEquals(rules.Evaluators, _rules))
        {
            return;
        }

        _rules = rules.Evaluators;
        var now = time.GetUtcNow();
        foreach (var row in _rows.Values.Where(row => !row.Run.Status.IsSettled()).ToList())
        {
            Assess(row, row.Run, now);
        }
    }

    private DateTimeOffset? HelpSince(string runId) => help.Find(runId) is { Helper: null } request ? request.RequestedAt : null;

    private void Remove(string runId)
    {
        _isChanged |= _rows.Remove(runId);
        _rates.Remove(runId);
        claims.EndWithRun(runId);
    }

    private bool Publish()
    {
        if (!_isChanged)
        {
            return false;
        }

        _isChanged = false;
        var rows = _rows.Values.ToArray();
        Array.Sort(rows, LiveRow.Compare);
        Volatile.Write(ref _current, new LiveSnapshot(_current.Version + 1, ImmutableArray.Create(rows)));
        _changed.Set();
        return true;
    }

    private SupervisionThresholds ThresholdsOf(RunSummary run)
    {
        if (!_thresholds.TryGetValue((run.AgentName, run.Model), out var thresholds))
        {
            if (_thresholds.Count >= MaxThresholds)
            {
                // A program may name any model.
                _thresholds.Clear();
            }

            _thresholds[(run.AgentName, run.Model)] = thresholds = options.Value.For(run.AgentName) with { ContextTokens = windows.Of(run.Model) };
        }

        return thresholds;
    }

    private static bool IsOver(RunSummary run, DateTimeOffset now) => run.Status.IsTerminal()
        ? (run.CompletedAt ?? run.LastEventAt) + EndedLifetime <= now
        : run.Status is RunStatus.Interrupted && run.LastEventAt + InterruptedLifetime <= now;

    [LoggerMessage(LogLevel.Error, "Following the live runs failed; beginning again")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(LogLevel.Warning, "Interrupted runs could not be read: storage is unavailable")]
    private partial void LogNotRead(Exception exception);
}
