namespace Copilot.Web.Options;

/// <summary>
/// The product does not start as it is configured. The message is written for the person who starts it: every reason, and
/// what to set. The program prints it alone and exits with a code other than zero.
/// </summary>
public sealed class StartRefusedException(IReadOnlyList<string> reasons) : Exception(Describe(reasons))
{
    /// <summary>The reasons, one sentence or two each.</summary>
    public IReadOnlyList<string> Reasons { get; } = reasons;

    private static string Describe(IReadOnlyList<string> reasons) =>
        string.Join(Environment.NewLine, reasons.Select(reason => "  - " + reason).Prepend("Copilot cannot start:"));
}
