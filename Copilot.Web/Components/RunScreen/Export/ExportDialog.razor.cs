using System.Text.RegularExpressions;
using Copilot.Domain.Audit;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Replay;
using Copilot.Domain.Replay.Export;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Audit;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace Copilot.Web.Components.RunScreen.Export;

/// <summary>The dialog that exports a run.</summary>
public sealed partial class ExportDialog
{
    private readonly string _form = $"export-{Guid.NewGuid():N}";
    private readonly StopSource _stop = new();
    private ScriptModule _script = null!;
    private ElementReference _first;
    private ExportScope _scope = ExportScope.Run;
    private ExportFormat _format = ExportFormat.Html;
    private Redaction _redaction = Redaction.None;
    private ExportedFile? _file;
    private bool _arguments;
    private bool _results;
    private bool _people;
    private bool _focused;
    private bool _busy;
    private string _words = "";
    private string? _problem;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public required RunSummary Run { get; set; }

    /// <summary>Who takes it along.</summary>
    [Parameter, EditorRequired]
    public required UserInfo User { get; set; }

    /// <summary>What people and tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Names { get; set; }

    /// <summary>Whose names can stand in the run's texts.</summary>
    [Parameter]
    public IReadOnlyList<string> People { get; set; } = [];

    /// <summary>The measured stretch, or null.</summary>
    [Parameter]
    public SeqRange? Clip { get; set; }

    /// <summary>Whether this person sees how runs work; if not, only the conversation is theirs to take.</summary>
    [Parameter]
    public bool IsTechnical { get; set; }

    /// <summary>Stops reading.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _script.DisposeAsync();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _script = new ScriptModule(Js, "./Components/RunScreen/Export/ExportDialog.razor.js");
        _scope = Clip is not null && IsTechnical ? ExportScope.Clip : ExportScope.Run;
        _format = IsTechnical ? ExportFormat.Html : ExportFormat.Markdown;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // The dialog draws its content, so the field comes after this component's own first render.
        if (!_focused && _first.Context is not null)
        {
            _focused = true;
            await _first.FocusAsync();
        }
    }

    private void Forget() => (_file, _problem) = (null, null);

    private async Task PreviewAsync() => _file = await MakeAsync();

    private async Task DownloadAsync()
    {
        _file ??= await MakeAsync();
        if (_file is { } file)
        {
            using var stream = new DotNetStreamReference(new MemoryStream(file.Bytes));
            await _script.InvokeVoidAsync("save", file.Name, file.ContentType, stream);
        }
    }

    private async Task<ExportedFile?> MakeAsync()
    {
        _problem = null;
        if (_busy || !TryRead(out var redaction))
        {
            return null;
        }

        _busy = true;
        try
        {
            var runs = await Events.ReadAsync(User, Run, _scope is ExportScope.Conversation, _stop.Token);
            if (runs is null or { Count: 0 })
            {
                _problem = runs is null ? ExportText.TooMuch : ExportText.NotAllowed;
                return null;
            }

            _redaction = redaction;

            // What the browser sends is no permission: who is not shown how runs work takes the conversation only.
            var choice = IsTechnical
                ? new ExportChoice(_scope, _format, redaction)
                : new ExportChoice(_scope is ExportScope.Clip ? ExportScope.Run : _scope, ExportFormat.Markdown, redaction);

            await Audit.RecordAsync(User, AccessActions.Exported, Run.RunId, Run.UserId, $"{choice.Scope} as {choice.Format}", _stop.Token);

            // Large runs take a while, and the circuit has other work.
            return await Task.Run(() => ExportedFile.Make(runs, Clip, choice, Names, User.TimeZone), _stop.Token);
        }
        catch (AccessNotRecordedException)
        {
            _problem = AuditText.NotRecorded;
            return null;
        }
        catch (OperationCanceledException)
        {
            _problem = ExportText.NotAllowed;
            return null;
        }
        catch (Exception exception)
        {
            LogFailed(Logger, exception, Run.RunId);
            _problem = ExportText.Failed;
            return null;
        }
        finally
        {
            _busy = false;
        }
    }

    private bool TryRead(out Redaction redaction)
    {
        redaction = Redaction.None;
        var patterns = new List<Regex>();
        foreach (var line in _words.Split('\n').Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            if (Redaction.PatternOf(line) is not { } pattern)
            {
                _problem = ExportText.NoPattern(line.Trim());
                return false;
            }

            patterns.Add(pattern);
        }

        if (patterns.Count > Redaction.MostPatterns)
        {
            _problem = ExportText.TooManyPatterns(Redaction.MostPatterns);
            return false;
        }

        redaction = new Redaction { Arguments = _arguments, Results = _results, Names = _people, People = People, Patterns = patterns };
        return true;
    }

    [LoggerMessage(LogLevel.Error, "Run {RunId} could not be exported")]
    private static partial void LogFailed(ILogger logger, Exception exception, string runId);
}
