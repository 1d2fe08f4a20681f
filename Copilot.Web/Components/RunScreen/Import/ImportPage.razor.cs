using Copilot.Domain.Concurrency;
using Copilot.Domain.Replay.Export;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Importing;
using Copilot.Web.Sessions.RunScreen;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.JSInterop;

namespace Copilot.Web.Components.RunScreen.Import;

/// <summary>
/// Runs of a file, on the screen that every run has. The file is in this page's memory and nowhere else, and goes with it; what the
/// address names is a run of it.
/// </summary>
public sealed partial class ImportPage(NavigationManager navigation, IJSRuntime js, TimeProvider time, ILogger<ImportPage> logger) : IAsyncDisposable
{
    // How often a person is told how far the reading is.
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    private readonly StopSource _stop = new();
    private ScriptModule _script = null!;
    private RenderCoalescer _drawing = null!;
    private ElementReference _root;
    private ImportedFile? _file;
    private ImportedRunSource? _source;
    private CancellationTokenSource? _reading;
    private string _name = "";
    private string? _problem;
    private string? _advice;
    private long _read;
    private long _size;
    private bool _isDenied;
    private bool _isMounted;
    private bool _isReady;

    /// <summary>The run of the file that is shown, where it has several.</summary>
    [SupplyParameterFromQuery(Name = "run")]
    public string? Run { get; set; }

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    [Inject]
    internal RunImports Imports { get; set; } = null!;

    private ImportedRun? Shown => _file is { Runs: [var only] } ? only : _file?.Find(Run);

    /// <summary>Lets go of the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _drawing.DisposeAsync();
        await _script.DisposeAsync();
        _file?.Dispose();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        _script = new ScriptModule(js, "./Components/RunScreen/Import/ImportPage.razor.js");
        _drawing = new RenderCoalescer(DrawAsync);
        try
        {
            _isDenied = !await Imports.MayAsync(User, _stop.Token);
        }
        catch (Exception exception) when (!_stop.IsCancellationRequested)
        {
            // Asked again before a file is read.
            LogFailed(exception);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_isMounted && !_isDenied && _root.Context is not null)
        {
            _isMounted = true;
            if (await _script.MountAsync(_root))
            {
                // A press before the script is there would be lost.
                _isReady = true;
                StateHasChanged();
            }
        }
    }

    private static string Question(ImportedRun run) => run.Summary.Input.Length > 0 ? run.Summary.Input : run.Summary.RunId;

    private string Link(ImportedRun run) => navigation.GetUriWithQueryParameters(RunImports.Address, new Dictionary<string, object?> { ["run"] = run.Summary.RunId });

    private async Task ReadAsync(InputFileChangeEventArgs change)
    {
        // The last one that was chosen is the one that is meant.
        Cancel();
        var chosen = change.File;
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        (_reading, _name, _size, _read, _problem, _advice) = (reading, chosen.Name, chosen.Size, 0, null, null);
        StateHasChanged();
        try
        {
            var file = await Task.Run(() => Imports.OpenAsync(User, chosen.Name, chosen.Size, () => chosen.OpenReadStream(Imports.MostBytes, reading.Token), Progress, reading.Token), reading.Token);
            if (reading.IsCancellationRequested)
            {
                file.Dispose();
                return;
            }

            Close();
            (_file, _source) = (file, new ImportedRunSource(file, logger));
        }
        catch (Exception exception)
        {
            if (ReferenceEquals(_reading, reading))
            {
                Explain(exception, reading);
            }
        }
        finally
        {
            if (ReferenceEquals(_reading, reading))
            {
                _reading = null;
            }
        }

        void Progress(long read)
        {
            Volatile.Write(ref _read, read);
            _drawing.Request();
        }
    }

    private void Explain(Exception exception, CancellationTokenSource reading)
    {
        (_problem, _advice) = exception switch
        {
            ExportFormatException wrong => (wrong.Message, ImportText.WhatToDo),
            ImportRefusedException refused => (ImportText.Refused(refused.Refusal, Imports.MostBytes), null),
            _ when reading.IsCancellationRequested => (ImportText.Cancelled, null),
            _ => (ImportText.ReadFailed, (string?)null),
        };
        if (exception is not (ExportFormatException or ImportRefusedException) && !reading.IsCancellationRequested)
        {
            LogFailed(exception);
        }
    }

    private void Cancel() => _reading?.Cancel();

    private void Close()
    {
        _file?.Dispose();
        (_file, _source, _problem) = (null, null, null);
        if (new Uri(navigation.Uri).Query.Length > 0)
        {
            navigation.NavigateTo(RunImports.Address, replace: true);
        }
    }

    private async Task DrawAsync()
    {
        try
        {
            await InvokeAsync(StateHasChanged);
            await Task.Delay(s_pace, time, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was left.
            return;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A file could not be read to its end")]
    private partial void LogFailed(Exception exception);
}
