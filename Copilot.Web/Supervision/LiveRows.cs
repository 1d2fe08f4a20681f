using Copilot.Domain.Responses;
using Copilot.Domain.Runs.Summaries;
using Copilot.Domain.Supervision;
using Copilot.Domain.Supervision.Rules;
using Copilot.Web.Supervision.Claims;
using Copilot.Web.Supervision.Help;
using Copilot.Web.Supervision.Rules;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Supervision;

/// <summary>
/// The runs of the <see cref="LiveBoard"/> as rows: which are on it, how each is assessed, and when it leaves. The board alone uses it,
/// one call after the other.
/// </summary>
internal sealed class LiveRows(
    IRunPresence presence,
    RunClaims claims,
    HelpRequests help,
    RulesInForce rules,
    BoardNames names,
    ContextWindows windows,
    IOptions<SupervisionOptions> options,
    TimeProvider time)
{
    /// <summary>How long a run stays after its end.</summary>
    internal static readonly TimeSpan EndedLifetime = TimeSpan.FromSeconds(60);

    /// <summary>How long an interrupted run stays, if nobody resumes it.</summary>
    internal static readonly TimeSpan InterruptedLifetime = TimeSpan.FromHours(1);

    /// <summary>Of how many agents and models the thresholds are remembered.</summary>
    internal const int MaxThresholds = 256;

    private const int MaxEnded = 200;

    private readonly Dictionary<string, LiveRow> _rows = [];
    private readonly Dictionary<string, TokenRate> _rates = [];
    private readonly Dictionary<(string Agent, string Model), SupervisionThresholds> _thresholds = [];
    private long _seenPresence;
    private IReadOnlyDictionary<string, HelpRequest>? _seenHelp;
    private IReadOnlyList<RuleEvaluator> _rules = [];
    private bool _isChanged;

    /// <summary>How much is remembered of runs; leak tests read it.</summary>
    internal int Held => _rows.Count + _rates.Count + _thresholds.Count;

    /// <summary>Assesses runs that have changed.</summary>
    public async Task ApplyAsync(IReadOnlyList<RunSummary> changed, CancellationToken cancellationToken)
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

    /// <summary>Applies what people do: who looks at a run, who asks for help, the rules in force.</summary>
    public void ApplyPeople()
    {
        ApplyPresence();
        ApplyHelp();
        ApplyRules();
    }

    /// <summary>Once a second: what time alone changes.</summary>
    public void Tick()
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

        claims.EndMissing(_rows.ContainsKey);

        // However many runs end in a minute, the wall stays a wall.
        foreach (var row in _rows.Values.Where(row => row.Assessment.Group is AttentionGroup.JustEnded).OrderByDescending(row => row.Since).Skip(MaxEnded).ToList())
        {
            Remove(row.RunId);
        }
    }

    /// <summary>All rows in the order of the wall, if one has changed since the last call; otherwise null.</summary>
    public LiveRow[]? TakeChanged()
    {
        if (!_isChanged)
        {
            return null;
        }

        _isChanged = false;
        var rows = _rows.Values.ToArray();
        Array.Sort(rows, LiveRow.Compare);
        return rows;
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
}
