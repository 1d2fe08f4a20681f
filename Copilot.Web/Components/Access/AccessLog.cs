namespace Copilot.Web.Components.Access;

/// <summary>What the pages for people and keys write to the log.</summary>
internal static partial class AccessLog
{
    [LoggerMessage(LogLevel.Warning, "A change to people or keys failed")]
    public static partial void Failed(ILogger logger, Exception exception);
}
