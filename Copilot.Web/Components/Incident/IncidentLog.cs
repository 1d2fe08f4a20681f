namespace Copilot.Web.Components.Incident;

/// <summary>What the dialogs of supervisors write to the log.</summary>
internal static partial class IncidentLog
{
    [LoggerMessage(LogLevel.Warning, "What a person has confirmed failed")]
    public static partial void Failed(ILogger logger, Exception exception);
}
