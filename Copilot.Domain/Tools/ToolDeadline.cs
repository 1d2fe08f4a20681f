namespace Copilot.Domain.Tools;

internal static class ToolDeadline
{
    public const string Rule = "a deadline is more than zero and at most one day";

    public static bool IsUsable(TimeSpan deadline)
    {
        return deadline > TimeSpan.Zero && deadline <= TimeSpan.FromDays(1);
    }
}
