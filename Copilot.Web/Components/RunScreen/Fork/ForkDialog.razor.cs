using System.Globalization;
using Copilot.Domain.Concurrency;
using Copilot.Domain.Runs.Forks;
using Copilot.Domain.Runs.Summaries;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Runs.Forking;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Comparing;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Copilot.Web.Components.RunScreen.Fork;

/// <summary>The dialog that forks a run.</summary>
public sealed partial class ForkDialog(NavigationManager navigation) : IDisposable
{
    private readonly string _form = $"fork-{Guid.NewGuid():N}";

    // Sent twice, it starts one run; with other choices it is another one.
    private string _id = Guid.NewGuid().ToString("N");
    private ForkRequest? _sent;
    private readonly StopSource _stop = new();
    private ElementReference _first;
    private ForkPreview? _preview;
    private ForkStep? _step;
    private ForkCall? _changed;
    private string _message = "";
    private string _arguments = "";
    private string _model = "";
    private string? _problem;
    private bool _busy;
    private bool _focused;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>The run.</summary>
    [Parameter, EditorRequired]
    public required RunSummary Run { get; set; }

    /// <summary>The moment that is shown of it; null for its newest.</summary>
    [Parameter]
    public long? Seq { get; set; }

    /// <summary>Who runs it again.</summary>
    [Parameter, EditorRequired]
    public required UserInfo User { get; set; }

    /// <summary>What tools are called.</summary>
    [Parameter, EditorRequired]
    public required TimelineNames Names { get; set; }

    [Inject]
    internal ForkCommands Commands { get; set; } = null!;

    private IReadOnlyList<ForkCall> Changeable => _step is null ? [] : [.. _step.Calls.Where(call => !call.IsHosted)];

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        var (preview, result) = await Commands.ReadAsync(User, Run, _stop.Token);
        (_preview, _problem) = (preview, result.Problem);
        if (preview is not null)
        {
            _model = preview.Model;
            Take(Seq is { } seq ? preview.Run.StepAt(seq) : preview.Run.Steps[0]);
        }
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

    private void ChooseStep(ChangeEventArgs args)
    {
        if (int.TryParse(args.Value as string, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && _preview?.Run.Steps.FirstOrDefault(step => step.Number == number) is { } step)
        {
            Take(step);
        }
    }

    private void Take(ForkStep step) => (_step, _changed, _arguments, _problem, _message) = (step, null, "", null, step.IsMessage ? step.Text : "");

    private void ChooseCall(ChangeEventArgs args)
    {
        _changed = Changeable.FirstOrDefault(call => call.CallId == args.Value as string);
        _arguments = _changed is null ? "" : JsonFormat.Indent(_changed.Arguments);
    }

    private async Task StartAsync()
    {
        if (_busy || _step is not { } step || _preview is not { } preview)
        {
            return;
        }

        (_busy, _problem) = (true, null);
        try
        {
            var asked = new ForkRequest
            {
                Caller = User.AsOwner,
                RunId = Run.RunId,
                Seq = _changed is null ? step.Seq : step.SeqOf(_changed),
                Message = string.IsNullOrWhiteSpace(_message) ? null : _message,
                Arguments = _changed is null ? null : _arguments,
                Model = _model == preview.Model ? null : _model,
            };
            if (_sent is not null && _sent != asked)
            {
                _id = Guid.NewGuid().ToString("N");
            }

            _sent = asked;
            var result = await Commands.ForkAsync(User, Run, asked with { NewSessionId = "ses_" + _id, MessageId = _id }, _stop.Token);
            _problem = result.Problem;
            if (result.Run is { } fork)
            {
                Dialog.Close();
                navigation.NavigateTo("/runs/" + fork.RunId);
            }
        }
        finally
        {
            _busy = false;
        }
    }
}
