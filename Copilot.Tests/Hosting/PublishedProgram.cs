using System.Diagnostics;
using Copilot.Tests.Architecture;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;

namespace Copilot.Tests.Hosting;

/// <summary>
/// The program as published by <c>dotnet publish</c> to a temp folder, started there as a separate process on a free loopback
/// port, in the Production environment with demo mode on. Its data is below that folder and is deleted with it.
/// </summary>
public sealed class PublishedProgram : IAsyncLifetime
{
    private const string Listening = "Now listening on: ";

    private readonly DirectoryInfo _temp = Directory.CreateTempSubdirectory("copilot-publish-");
    private readonly List<string> _output = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Process? _program;

    /// <summary>Where it was published to.</summary>
    public string Folder => Path.Combine(_temp.FullName, "app");

    /// <summary>Speaks to it.</summary>
    public HttpClient Client { get; } = new();

    public async ValueTask InitializeAsync()
    {
        await PublishAsync();
        _program = new Process { StartInfo = StartInfo() };
        _program.OutputDataReceived += (_, line) => Read(line.Data);
        _program.ErrorDataReceived += (_, line) => Read(line.Data);
        _program.Start();
        _program.BeginOutputReadLine();
        _program.BeginErrorReadLine();
        var ended = _program.WaitForExitAsync();
        await Task.WhenAny(_address.Task, ended).Soon("the published program to listen");
        Assert.True(_address.Task.IsCompleted, "The published program has ended: " + Output());
        Client.BaseAddress = await _address.Task;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_program is not null)
        {
            _program.Kill(entireProcessTree: true);
            await _program.WaitForExitAsync().Soon("the published program is gone");
            _program.Dispose();
        }

        _temp.Delete(recursive: true);
    }

    // What was built with these tests is published as it is. Compressing the style sheets would take longer than all the rest.
    private async Task PublishAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        string[] arguments =
        [
            "publish", Path.Combine(SourceTree.Root, "Copilot.Web"), "--configuration", configuration, "--no-build",
            "--output", Folder, "--nodeReuse:false", "-p:CompressionEnabled=false",
        ];
        using var publish = Process.Start(new ProcessStartInfo(Dotnet, arguments) { RedirectStandardOutput = true })!;
        var output = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync().Soon("the publishing ends");
        Assert.True(publish.ExitCode == 0, output);
    }

    private ProcessStartInfo StartInfo()
    {
        var start = new ProcessStartInfo(Dotnet, [Path.Combine(Folder, "Copilot.Web.dll")])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // What the machine says about upstreams and addresses is not what is tested here.
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["Demo__Enabled"] = "true";
        start.Environment["Demo__TokensPerSecond"] = "0";
        start.Environment["DemoTools__Latency"] = "00:00:00";
        return start;
    }

    private static bool IsSetting(string name) =>
        name.StartsWith("OPENAI_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase)
        || name.Contains("__", StringComparison.Ordinal);

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.Add(line);
        }

        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..]));
        }
    }

    private string Output()
    {
        lock (_output)
        {
            return string.Join(Environment.NewLine, _output);
        }
    }
}
