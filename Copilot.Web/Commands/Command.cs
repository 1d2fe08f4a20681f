namespace Copilot.Web.Commands;

/// <summary>A command, as its usage says it.</summary>
/// <param name="Group">Its first word: <c>people</c>, <c>keys</c> or <c>audit</c>.</param>
/// <param name="Name">Its second word.</param>
/// <param name="Operands">What must follow, in order; shown in capitals.</param>
/// <param name="Options">Options with a value, which may be given.</param>
/// <param name="Flags">Options without one.</param>
/// <param name="Does">What it does, in one line.</param>
/// <param name="RunAsync">Does it; the result is written to the output.</param>
internal sealed record Command(
    string Group,
    string Name,
    IReadOnlyList<string> Operands,
    IReadOnlyList<CommandOption> Options,
    IReadOnlyList<string> Flags,
    string Does,
    Func<CommandCall, Task<CommandResultText>> RunAsync)
{
    /// <summary>Whether it changes nothing: then no database is made or brought up to date for it.</summary>
    public bool ReadsOnly { get; init; }

    /// <summary>Its line in the usage.</summary>
    public string Usage => string.Join(' ',
    [
        Group, Name, .. Operands, .. Options.Select(option => option.Usage), .. Flags.Select(flag => $"[--{flag}]"), "[--json]",
    ]);
}

/// <summary>An option with a value.</summary>
/// <param name="Name">Without the dashes.</param>
/// <param name="Value">What the value is, in capitals.</param>
/// <param name="IsRequired">Whether the command needs it.</param>
internal sealed record CommandOption(string Name, string Value, bool IsRequired = false)
{
    /// <summary>Its part of the usage.</summary>
    public string Usage => IsRequired ? $"--{Name} {Value}" : $"[--{Name} {Value}]";
}

/// <summary>What a command writes.</summary>
/// <param name="Text">For people.</param>
/// <param name="Json">The same for scripts, with <c>--json</c>: an object or an array.</param>
internal sealed record CommandResultText(string Text, object Json)
{
    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode { get; init; } = ExitCodes.Done;
}
