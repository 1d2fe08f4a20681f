namespace Copilot.Web.Runs.Grants;

/// <summary>How long, and where, calls like the one that is approved are to be allowed from now on.</summary>
/// <param name="Scope">Where.</param>
/// <param name="Lifetime">How long: one of <see cref="Lifetimes"/>.</param>
public sealed record GrantRequest(GrantScope Scope, TimeSpan Lifetime)
{
    /// <summary>What can be chosen, the shortest first.</summary>
    public static IReadOnlyList<TimeSpan> Lifetimes { get; } = [TimeSpan.FromHours(8), TimeSpan.FromDays(7), TimeSpan.FromDays(30)];
}
