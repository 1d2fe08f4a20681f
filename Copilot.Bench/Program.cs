using Copilot.Bench;
using Copilot.Bench.Append;
using Copilot.Bench.Faults;
using Copilot.Bench.Find;
using Copilot.Bench.Live;
using Copilot.Bench.Memory;
using Copilot.Bench.Open;
using Copilot.Bench.Overhead;
using Copilot.Bench.Pack;
using Copilot.Bench.Parse;
using Copilot.Bench.Replay;
using Copilot.Bench.Reporting;
using Copilot.Bench.Scripted;
using Copilot.Bench.Start;
using Copilot.Bench.Storm;
using Copilot.Bench.Telemetry;
using Copilot.Bench.Transport;
using Copilot.Bench.WarmUp;
using Copilot.Bench.Words;

// A host would watch the folder that it is started in, which holds the benches' databases, and hear of every write to them.
Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

switch (args)
{
    case [ReplayUpstream.Command, var recording]:
        await ReplayUpstream.ServeAsync(recording);
        return 0;
    case [ScriptedUpstream.Command, var script]:
        await ScriptedUpstream.ServeAsync(script);
        return 0;
    case [LiveUpstream.Command, var words]:
        await LiveUpstream.ServeAsync(words);
        return 0;
    case [LiveServer.Command, var data, var address]:
        await LiveServer.ServeAsync(data, address);
        return 0;
}

IBench[] benches = [new ParseBench(), new AppendBench(), new OverheadBench(), new TransportBench(), new WarmUpBench(), new FaultsBench(), new StormBench(), new MemoryBench(), new WordsBench(), new LiveBench(), new StartBench(), new PackBench(), new OpenBench(), new FindBench(), new ReplayBench(), new TelemetryBench()];
var command = CommandLine.Parse(args, benches);
if (command is null)
{
    Console.Error.WriteLine(CommandLine.Usage(benches));
    return 2;
}

using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};

if (command.Benches.Count > 1)
{
    return await SeparateProcesses.RunAsync(command, stopping.Token);
}

// On the disk that the repository is on: a temporary folder in memory would make commits free.
var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "data-" + Path.GetRandomFileName()));
try
{
    var report = await command.Benches[0].RunAsync(new BenchRun(command.Quick, folder.FullName), stopping.Token);
    ConsoleReport.Print(report, Console.Out);
    if (command.Out is { } path)
    {
        JsonReport.Write(path, [report]);
    }

    if (command.Docs)
    {
        DocsReport.Write(CommandLine.Repository(), [report]);
    }

    var missed = report.Figures.Where(figure => !figure.IsMet).ToList();
    foreach (var figure in missed)
    {
        Console.Error.WriteLine($"Missed: {figure.Name}");
    }

    return command.Quick && missed.Count > 0 ? 1 : 0;
}
finally
{
    folder.Delete(recursive: true);
}
