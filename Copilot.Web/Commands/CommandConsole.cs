namespace Copilot.Web.Commands;

/// <summary>Where a command reads and writes: the terminal, a script, or a test.</summary>
/// <param name="In">What the command reads, such as a password.</param>
/// <param name="Out">Results, and nothing else: a script reads them.</param>
/// <param name="Error">Problems, questions and notes for people.</param>
internal sealed record CommandConsole(TextReader In, TextWriter Out, TextWriter Error)
{
    /// <summary>The console of the process.</summary>
    public static CommandConsole Process { get; } = new(Console.In, Console.Out, Console.Error);

    /// <summary>One line that must not be seen: without echo on a terminal, else the first line of the input.</summary>
    public async Task<string?> ReadSecretAsync(string prompt, CancellationToken cancellationToken)
    {
        if (!ReferenceEquals(In, Console.In) || Console.IsInputRedirected)
        {
            return await In.ReadLineAsync(cancellationToken);
        }

        await Error.WriteAsync(prompt);
        var (typed, key) = (new System.Text.StringBuilder(), Console.ReadKey(intercept: true));
        for (; key.Key is not ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key is not ConsoleKey.Backspace)
            {
                typed.Append(key.KeyChar);
            }
            else if (typed.Length > 0)
            {
                typed.Length--;
            }
        }

        await Error.WriteLineAsync();
        return typed.ToString();
    }
}
