using System.Globalization;
using Copilot.Domain.Costs;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Compare;
using Copilot.Web.Components.Timeline.Shared;

namespace Copilot.Web.Components.RunScreen.Compare;

/// <summary>What is said where two runs are side by side.</summary>
internal static class CompareText
{
    public const string Title = "Compare runs";
    public const string Menu = "Compare…";
    public const string Compare = "Compare";
    public const string Cancel = "Cancel";
    public const string Loading = "Reading both runs";
    public const string Comparing = "Comparing…";
    public const string TooLargeTitle = "These runs are too long to be compared";
    public const string TooLarge = "Each can have up to 200,000 events. Open them one after the other instead.";
    public const string AccessEndedTitle = "You can't see these runs any more";
    public const string FailedTitle = "These runs couldn't be compared";
    public const string Deleted = "The content of this run was deleted.";

    // Choosing the other run.
    public const string With = "Compare with";
    public const string OtherLink = "A run by its link";
    public const string Link = "Link to a run";
    public const string LinkHint = "The address of the run's page. With ?seq= it is compared at that moment.";
    public const string NoLink = "Paste the address of a run's page, for example /runs/run_….";
    public const string ThisAtItsEnd = "This run, at its latest moment";
    public const string ChooseTwo = "Choose another run to compare";

    // The page.
    public const string Totals = "Totals";
    public const string Figure = "Figure";
    public const string Difference = "Difference";
    public const string Steps = "Steps";
    public const string OnlyDifferences = "Only differences";
    public const string NothingDiffers = "The steps are the same.";
    public const string NoSteps = "Neither run has a step yet.";
    public const string Same = "Same";
    public const string Differs = "Differs";
    public const string OnlyInA = "Only in A";
    public const string OnlyInB = "Only in B";
    public const string Taken = "Copied from the original run";
    public const string NotHere = "No such step";
    public const string Newest = "at its latest moment";
    public const string Arguments = "Arguments";
    public const string Result = "Result";
    public const string NoText = "No text";
    public const string Equal = "same";

    // Figures.
    public const string Status = "Status";
    public const string Model = "Model";
    public const string Time = "Time";
    public const string ToolTime = "Tools worked";
    public const string WaitingTime = "Waited";
    public const string TokensIn = "Tokens in";
    public const string TokensOut = "Tokens out";
    public const string Cost = "Cost";
    public const string Requests = "Requests";
    public const string Calls = "Tool calls";
    public const string Failed = "Failed calls";
    public const string Connection = "Connection";

    /// <summary>Longest text that is compared, in UTF-16 units.</summary>
    public const int MaxText = 20_000;

    /// <summary>Only the beginning of a longer text is compared.</summary>
    public static readonly string Cut = FormattableString.Invariant($"Only the first {MaxText:N0} characters are compared.");

    /// <summary>How many steps were compared already.</summary>
    public static string Progress(int count, int total) => $"{Number(count)} of {Number(total)} steps compared";

    /// <summary>A side by its letter and moment.</summary>
    public static string Side(string letter, long? seq) => seq is { } at ? $"{letter}, {RunScreenText.Event(at).ToLowerInvariant()}" : $"{letter}, {Newest}";

    /// <summary>A step by the numbers it has on both sides.</summary>
    public static string Step(StepPair pair) => pair switch
    {
        { A: { } a, B: { } b } when a.Number == b.Number => $"Step {Number(a.Number)}",
        { A: { } a, B: { } b } => $"Step {Number(a.Number)} of A, {Number(b.Number)} of B",
        { A: { } a } => $"Step {Number(a.Number)} of A",
        _ => $"Step {Number(pair.B?.Number ?? 0)} of B",
    };

    /// <summary>What a step is.</summary>
    public static string Kind(RunStepKind kind) => kind is RunStepKind.Message ? "Message" : "Response";

    /// <summary>Whether a step is the same on both sides.</summary>
    public static string State(StepPair pair) => pair.IsTaken ? Taken : pair.B is null ? OnlyInA : pair.A is null ? OnlyInB : pair.IsSame ? Same : Differs;

    /// <summary>Whether a call is the same on both sides.</summary>
    public static string State(CallPair pair) => pair.B is null ? OnlyInA : pair.A is null ? OnlyInB : pair.IsSame ? Same : Differs;

    /// <summary>What a step took.</summary>
    public static IEnumerable<string> Figures(RunStep step, bool isTechnical, bool showsCosts)
    {
        if (step.Duration is { } time)
        {
            yield return TimelineFigures.Duration(time);
        }

        if (isTechnical && step.Usage is { } usage)
        {
            yield return TimelineFigures.Tokens(usage);
        }

        if (showsCosts && step.Cost is { } cost)
        {
            yield return CostText.Of(cost);
        }

        if (isTechnical && step.Transport is { } transport)
        {
            yield return TimelineText.Name(transport.Kind);
        }

        if (isTechnical && step.Model is { } model)
        {
            yield return model;
        }

        if (step.Attempts > 1)
        {
            yield return TimelineFigures.Count(step.Attempts, "request", "requests");
        }
    }

    /// <summary>What both runs took, by name: of the first, of the second, and the difference.</summary>
    public static IEnumerable<(string Name, string A, string B, string Difference)> TotalsOf(RunComparison comparison, bool isTechnical, bool showsCosts)
    {
        var (a, b) = (comparison.A, comparison.B);
        yield return Words(Status, RunScreenText.Status(a.Status), RunScreenText.Status(b.Status));
        yield return Words(Model, a.Model, b.Model);
        yield return Times(Time, a.Stretch?.Time, b.Stretch?.Time);
        yield return Times(ToolTime, a.Stretch?.ToolTime, b.Stretch?.ToolTime);
        yield return Times(WaitingTime, a.Stretch?.WaitingTime, b.Stretch?.WaitingTime);
        if (showsCosts)
        {
            yield return Costs(a.Stretch, b.Stretch);
        }

        yield return Numbers(Calls, a.Calls, b.Calls);
        yield return Numbers(Failed, a.Failed, b.Failed);
        if (isTechnical)
        {
            yield return Numbers(TokensIn, a.Stretch?.Usage.InputTokens ?? 0, b.Stretch?.Usage.InputTokens ?? 0);
            yield return Numbers(TokensOut, a.Stretch?.Usage.OutputTokens ?? 0, b.Stretch?.Usage.OutputTokens ?? 0);
            yield return Numbers(Requests, a.Requests, b.Requests);
            yield return Words(
                Connection,
                a.Transport is { } first ? TimelineText.Name(first.Kind) : null,
                b.Transport is { } second ? TimelineText.Name(second.Kind) : null);
        }
    }

    private static (string, string, string, string) Words(string name, string? a, string? b) =>
        (name, a ?? RunScreenText.None, b ?? RunScreenText.None, a == b ? Equal : Differs.ToLowerInvariant());

    private static (string, string, string, string) Numbers(string name, long a, long b) =>
        (name, Number(a), Number(b), Signed(b > a, Number(Math.Abs(b - a)), Number(0)));

    private static (string, string, string, string) Times(string name, TimeSpan? a, TimeSpan? b) => (
        name,
        a is { } first ? TimelineFigures.Duration(first) : RunScreenText.None,
        b is { } second ? TimelineFigures.Duration(second) : RunScreenText.None,
        a is not { } from || b is not { } to ? RunScreenText.None
            : Signed(to > from, TimelineFigures.Duration((to - from).Duration()), TimelineFigures.Duration(TimeSpan.Zero)));

    private static string CostOf(RunStretch? stretch) => stretch switch
    {
        null or { CostMicros: null, IsCostPartial: false } => RunScreenText.None,
        { CostMicros: { } micros } => (stretch.IsCostPartial ? "at least " : "") + Money.Format(micros, stretch.Currency),
        _ => CostText.Unknown,
    };

    private static (string, string, string, string) Costs(RunStretch? a, RunStretch? b)
    {
        if (a is not { CostMicros: { } from, IsCostPartial: false } || b is not { CostMicros: { } to, IsCostPartial: false } || a.Currency != b.Currency)
        {
            return (Cost, CostOf(a), CostOf(b), RunScreenText.None);
        }

        var amounts = Money.FormatAlike([from, to, Math.Abs(to - from)], b.Currency);
        return (Cost, amounts[0], amounts[1], from == to ? Equal : (to > from ? "+" : "−") + amounts[2]);
    }

    // What is too small to be shown is no difference.
    private static string Signed(bool isMore, string amount, string nothing) => amount == nothing ? Equal : (isMore ? "+" : "−") + amount;

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
