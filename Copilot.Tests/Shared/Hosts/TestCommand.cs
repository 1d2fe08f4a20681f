using Copilot.Web.Commands;

namespace Copilot.Tests.Shared.Hosts;

/// <summary>A command on a database that a server may have open: with services of its own, as in a process of its own.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Out">What it wrote.</param>
/// <param name="Error">What it said to people.</param>
internal sealed record TestCommand(int ExitCode, string Out, string Error)
{
    public static Task<TestCommand> RunAsync(PeopleHost host, params string[] args) => RunAsync(host.ConnectionString, host.ContentRoot, "", args);

    /// <param name="connectionString">The database.</param>
    /// <param name="contentRoot">Folder of the server.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="args">The command.</param>
    public static async Task<TestCommand> RunAsync(string connectionString, string contentRoot, string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await CommandLine.RunAsync(
            [.. args, $"--contentRoot={contentRoot}", "--environment=Production", $"--ConnectionStrings:Copilot={connectionString}"],
            new CommandConsole(new StringReader(input), output, error),
            CancellationToken.None);
        return new TestCommand(exitCode, output.ToString(), error.ToString());
    }
}
