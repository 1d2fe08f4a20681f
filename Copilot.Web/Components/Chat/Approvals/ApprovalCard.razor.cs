using Copilot.Web.Runs;
using Copilot.Domain.Timeline.Queries;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Copilot.Web.Components.Chat.Approvals;

/// <summary>Shows one call that waits for a person, and takes their decision. What becomes of it is seen as events.</summary>
public sealed partial class ApprovalCard
{
    private readonly string _titleId = $"approval-{Guid.NewGuid():n}";
    private readonly string _formId = $"approval-form-{Guid.NewGuid():n}";
    private IReadOnlyList<ArgumentField>? _fields;
    private string? _read;
    private bool _isTooLong;
    private ElementReference[] _inputs = [];
    private ElementReference _json;
    private ElementReference _reason;
    private ElementReference _edit;
    private ElementReference _deny;
    private Func<ElementReference>? _focusNext;

    /// <summary>The call.</summary>
    [Parameter, EditorRequired]
    public required WaitingApproval Approval { get; set; }

    [CascadingParameter]
    internal ApprovalDrafts Desk { get; set; } = null!;

    private ApprovalDraft Draft => Desk.DraftOf(Approval.CallId);

    private ElementReference[] Inputs => _inputs;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_read != Approval.Arguments)
        {
            _read = Approval.Arguments;
            _fields = ApprovalArguments.Read(Approval.Arguments);
            _inputs = new ElementReference[_fields?.Count ?? 0];
            _isTooLong = IsTooLong(_read, _fields);
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focusNext is { } element)
        {
            _focusNext = null;
            await element().FocusAsync();
        }
    }

    // Every key sends the whole text, and a text that is longer than a message of the circuit may be would end the circuit.
    private static bool IsTooLong(string arguments, IReadOnlyList<ArgumentField>? fields) =>
        arguments.Length > ChatCommands.MaxTextLength
        || (fields?.Any(field => field.Text.Length > ChatCommands.MaxTextLength)
            ?? JsonFormat.Indent(arguments).Length > ChatCommands.MaxTextLength);

    private void SetText(int index, ChangeEventArgs change) => Draft.Texts[index] = change.Value as string ?? "";

    private void SetJson(ChangeEventArgs change) => Draft.Json = change.Value as string ?? "";

    private void SetReason(ChangeEventArgs change) => Draft.Reason = change.Value as string ?? "";

    private void Edit()
    {
        Draft.Problems = [];
        if (_fields is null)
        {
            EditJson();
            return;
        }

        Draft.Texts.Clear();
        Draft.Texts.AddRange(_fields.Select(field => field.Text));
        Draft.Mode = ApprovalMode.Form;
        _focusNext = () => _inputs[0];
    }

    private void EditJson()
    {
        var written = Draft.Mode is ApprovalMode.Form ? ApprovalArguments.Write(_fields!, Draft.Texts).Json : null;
        var json = JsonFormat.Indent(written ?? Approval.Arguments);
        if (json.Length > ChatCommands.MaxTextLength)
        {
            Draft.Problems = [new FieldProblem(Field: null, ChatText.JsonTooLong)];
            return;
        }

        Draft.Json = json;
        Draft.Mode = ApprovalMode.Json;
        _focusNext = () => _json;
    }

    private void AskWhy()
    {
        Draft.Problems = [];
        Draft.Mode = ApprovalMode.Denying;
        _focusNext = () => _reason;
    }

    private void LookAgain()
    {
        var was = Draft.Mode;
        Draft.Problems = [];
        Draft.Mode = ApprovalMode.Looking;
        _focusNext = was is ApprovalMode.Denying ? () => _deny : () => _edit;
    }

    private void OnKey(KeyboardEventArgs key)
    {
        if (key.Key == "Escape" && Draft is { IsBusy: false, Mode: not ApprovalMode.Looking })
        {
            LookAgain();
        }
    }

    private Task ApproveAsync() => DecideAsync(new ApprovalChoice(Approval.CallId, Approve: true, null, null));

    private Task DenyAsync() => DecideAsync(new ApprovalChoice(Approval.CallId, Approve: false, null, Draft.Reason));

    private async Task SubmitEditAsync()
    {
        var (json, problem) = Draft.Mode is ApprovalMode.Json ? (Draft.Json, null) : ApprovalArguments.Write(_fields!, Draft.Texts);
        if (json is null)
        {
            Draft.Problems = [problem!];
            return;
        }

        await DecideAsync(new ApprovalChoice(Approval.CallId, Approve: true, json, null));
        if (Draft.Problems.Count > 0)
        {
            var index = Draft.Mode is ApprovalMode.Json ? -1 : IndexOf(Draft.Problems[0]);
            _focusNext = index < 0 ? () => _json : () => _inputs[index];
        }
    }

    // The field that the problem is about, else the first one.
    private int IndexOf(FieldProblem problem)
    {
        for (var index = 0; index < _fields!.Count; index++)
        {
            if (problem.Field?.Split('.', '[')[0] == _fields[index].Name)
            {
                return index;
            }
        }

        return 0;
    }

    private async Task DecideAsync(ApprovalChoice choice)
    {
        if (Draft.IsBusy)
        {
            return;
        }

        Draft.IsBusy = true;
        Draft.Problems = [];
        var result = await Desk.DecideAsync(choice);
        Draft.Problems = result.Problems;

        // A call that is decided goes away with its event; until then it takes no second decision.
        Draft.IsBusy = result.IsSettled;
    }
}
