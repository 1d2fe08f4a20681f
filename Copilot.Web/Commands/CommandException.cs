namespace Copilot.Web.Commands;

/// <summary>Ends a command with a sentence for the person or script that ran it.</summary>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>How commands end.</summary>
internal static class ExitCodes
{
    /// <summary>Done, or it was so already.</summary>
    public const int Done = 0;

    /// <summary>Refused; nothing was changed.</summary>
    public const int Refused = 1;

    /// <summary>The command line cannot be understood; nothing was changed.</summary>
    public const int Usage = 2;

    /// <summary>The database cannot be used now; nothing was changed.</summary>
    public const int StorageUnavailable = 3;
}
