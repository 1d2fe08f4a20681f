using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Copilot.Tests.Shared;
using Copilot.Tests.Shared.Clock;
using Copilot.Tests.Shared.Hosts;

namespace Copilot.Tests.Browser.Driving;

/// <summary>The product as a process of its own, with its data in a folder of its own, so that a test can kill and restart it.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    private const string Ready = "Application started.";

    // A port that was free can be another's when it is used.
    private const string PortTaken = "address already in use";
    private const int MostStarts = 3;

    // Two cores that build and test at once take their time to compile what a start needs.
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly string[] _settings;
    private readonly ConcurrentQueue<string> _log = new();
    private Process? _process;

    private AppProcess(string folder, int port, string[] settings)
    {
        Folder = folder;
        Port = port;
        _settings = settings;
        Api = new HttpClient { BaseAddress = Address };
        Api.DefaultRequestHeaders.Authorization = new("Bearer", "demo-key");
    }

    /// <summary>Content root: settings, databases, keys and logs.</summary>
    public string Folder { get; }

    public int Port { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}");

    /// <summary>A client with the demo key.</summary>
    public HttpClient Api { get; }

    /// <summary>What it has logged to the console.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts it in demo mode. Settings are as on the command line: <c>Demo:TokensPerSecond=0</c>.</summary>
    public static async Task<AppProcess> StartAsync(params string[] settings)
    {
        for (var left = MostStarts - 1; ; left--)
        {
            var app = await PrepareAsync(settings);
            try
            {
                await app.StartAgainAsync();
                return app;
            }
            catch (Exception exception)
            {
                // Nobody else holds it yet: left alone, it would run on and slow the tests after it.
                await app.DisposeAsync();
                if (left == 0 || !exception.Message.Contains(PortTaken, StringComparison.Ordinal))
                {
                    throw;
                }
            }
        }
    }

    /// <summary>Starts it anew on the same port and folder.</summary>
    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Copilot.Web.dll"));
        start.ArgumentList.Add($"--contentRoot={Folder}");
        start.ArgumentList.Add("--environment=Development");
        start.ArgumentList.Add($"--urls={Address}");

        // A loaded machine must not look like a proxy that swallows upgrades.
        start.ArgumentList.Add("--Upstream:SocketHeadStart=00:00:20");
        start.ArgumentList.Add("--Upstream:ConnectTimeout=00:00:20");
        // Tests name conversations by their questions, and count what reaches the upstream.
        start.ArgumentList.Add("--Display:TitlesByModel=false");
        foreach (var setting in _settings)
        {
            start.ArgumentList.Add("--" + setting);
        }

        // What a developer has set for their own server must not reach this one.
        string[] telemetry = [.. start.Environment.Keys.Where(name => name.StartsWith("OTEL_", StringComparison.Ordinal))];
        foreach (var name in (string[])["OPENAI_API_KEY", "OPENAI_BASE_URL", "ASPNETCORE_URLS", "ASPNETCORE_ENVIRONMENT", .. telemetry])
        {
            start.Environment.Remove(name);
        }

        // It lives for seconds: to compile twice what is called often would take more of them than it saves.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCountThreshold"] = "1000";
        // Nobody attacks its memory: to map each compiled method twice is a twelfth of a start.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Note(line.Data, ready);
        _process.ErrorDataReceived += (_, line) => Note(line.Data, ready);
        _process.Exited += (_, _) => ready.TrySetException(
            new InvalidOperationException("The product did not start:\n" + string.Join('\n', _log)));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ready.Task.Within(s_startLimit, () => "the product starts. It said:\n" + string.Join('\n', _log));
    }

    /// <summary>Ends it as <c>kill -9</c> does: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().Soon("the product is gone");
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has.</summary>
    public async Task TerminateAsync()
    {
        var process = _process ?? throw new InvalidOperationException("The product is not running.");
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync().Soon("the signal is sent");
        }

        await process.WaitForExitAsync().Soon("the product stops");
        process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Api.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void Note(string? line, TaskCompletionSource ready)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        if (line.Contains(Ready, StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }

    private static async Task<AppProcess> PrepareAsync(string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("copilot-app-").FullName;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), Path.Combine(folder, "appsettings.json"));
        // To make the database is the greater part of a first start, and tested elsewhere.
        var data = Directory.CreateDirectory(Path.Combine(folder, "App_Data"));
        await File.WriteAllBytesAsync(Path.Combine(data.FullName, "copilot.db"), await TestDatabase.MigratedFileAsync());
        return new AppProcess(folder, LocalPort.Free(), settings);
    }
}
