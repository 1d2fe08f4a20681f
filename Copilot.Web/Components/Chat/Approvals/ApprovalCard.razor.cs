using Copilot.Web.Runs;
using Copilot.Web.Runs.Grants;
using Copilot.Domain.Timeline.Queries;
using Copilot.Domain.Timeline.Text;
using Copilot.Web.Components.Supervision;
using Copilot.Web.Components.Timeline.Shared;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Copilot.Web.Components.Chat.Approvals;

/// <summary>Shows one call that waits for a person, and takes their decision. What becomes of it is seen as events.</summary>
public sealed partial class ApprovalCard
{
    private const string AllArguments = "";

    private readonly string _titleId = $"approval-{Guid.NewGuid():n}";
    private readonly string _formId = $"approval-form-{Guid.NewGuid():n}";
    private IReadOnlyList<ArgumentField>? _fields;
    private string? _read;
    private bool _isTooLong;
    private int[] _order = [];
    private CallDescription? _description;
    private int _asked;
    private ElementReference[] _inputs = [];
    private ElementReference _json;
    private ElementReference _reason;
    private ElementReference _edit;
    private ElementReference _deny;
    private ElementReference _always;
    private ElementReference _scope;
    private WhyField? _why;
    private Func<ElementReference>? _focusNext;

    /// <summary>The call.</summary>
    [Parameter, EditorRequired]
    public required WaitingApproval Approval { get; set; }

    [CascadingParameter]
    internal ApprovalDrafts Drafts { get; set; } = null!;

    private ApprovalDraft Draft => Drafts.DraftOf(Approval.CallId);

    private ElementReference[] Inputs => _inputs;

    private string Sentence => _description?.Sentence ?? (IsOurs ? Drafts.Names.Tool(Approval.Name) : TimelineNames.Humanize(Approval.Name));

    // A server's tool may have the name of one of ours, which knows nothing about it.
    private bool IsOurs => Approval.ServerLabel is null;

    private bool HasHidden => VisibleText.HasHidden(Approval.Name)
        || (Approval.ServerLabel is { } server && VisibleText.HasHidden(server))
        || (_fields is null ? VisibleText.HasHidden(Approval.Arguments) : _fields.Any(HoldsHidden));

    // What a person does not change is still in sight while they change the rest.
    private IEnumerable<int> ShownFields => Draft.Mode is ApprovalMode.Form ? _order.Where(i => !CanChange(i)) : _order;

    private IEnumerable<int> EditedFields => _order.Where(CanChange);

    private bool IsCut => _fields is null
        ? ArgumentValue.IsCut(JsonFormat.Indent(Approval.Arguments)) && !Draft.Unfolded.Contains(AllArguments)
        : ShownFields.Any(i => ArgumentValue.IsCut(_fields[i].Shown) && !Draft.Unfolded.Contains(_fields[i].Name));

    private bool CanBeRemembered => Drafts.Agent is not null && Approval is { NeedsOther: false, Rule: null } && (IsOurs ? _description?.CanBeRemembered is true : true);

    private List<FieldProblem> OtherProblems => Draft.Mode is ApprovalMode.Form
        ? [.. Draft.Problems.Where(problem => !EditedFields.Any(i => IsAbout(problem, _fields![i])))]
        : [.. Draft.Problems];

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_read == Approval.Arguments)
        {
            return;
        }

        _read = Approval.Arguments;
        _fields = ApprovalArguments.Read(Approval.Arguments);
        _inputs = new ElementReference[_fields?.Count ?? 0];
        _isTooLong = IsTooLong(_read, _fields);

        // What is short comes first: a long text must not push a number out of sight.
        _order = [.. Enumerable.Range(0, _fields?.Count ?? 0).OrderBy(i => _fields![i].IsLong).ThenBy(i => _fields![i].IsLong ? _fields[i].Text.Length : 0)];
        await DescribeAsync(Approval.Arguments);
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

    private static bool HoldsHidden(ArgumentField field) =>
        VisibleText.HasHidden(field.Name) || VisibleText.HasHidden(field.Text)
        || (field.Kind is ArgumentKind.Json && field.Text.Contains("\\u", StringComparison.Ordinal));

    private static bool IsAbout(FieldProblem problem, ArgumentField field) => problem.Field?.Split('.', '[')[0] == field.Name;

    private bool CanChange(int index) => _description?.FixedArguments.Contains(_fields![index].Name) is not true;

    private string? ProblemOf(ArgumentField field)
    {
        var problems = Draft.Problems.Where(problem => IsAbout(problem, field)).Select(problem => CardText.AtField(field.Name, problem.Message));
        return string.Join(' ', problems) is { Length: > 0 } text ? text : null;
    }

    // The newest question counts: what was typed before it is no longer what would be done.
    private async Task DescribeAsync(string arguments)
    {
        if (Drafts.Describe is not { } describe)
        {
            return;
        }

        var asked = ++_asked;
        var description = await describe(IsOurs ? Approval.Name : "", arguments);
        if (asked == _asked)
        {
            _description = description;
        }
    }

    private Task SetTextAsync(int index, ChangeEventArgs change)
    {
        Draft.Texts[index] = change.Value as string ?? "";
        return ApprovalArguments.Write(_fields!, Draft.Texts).Json is { } json ? DescribeAsync(json) : Task.CompletedTask;
    }

    private void SetJson(ChangeEventArgs change) => Draft.Json = change.Value as string ?? "";

    private void SetReason(ChangeEventArgs change) => Draft.Reason = change.Value as string ?? "";

    private void Edit()
    {
        Draft.Problems = [];
        if (_fields is null || !EditedFields.Any())
        {
            EditJson();
            return;
        }

        Draft.Texts.Clear();
        Draft.Texts.AddRange(_fields.Select(field => field.Text));
        Draft.Mode = ApprovalMode.Form;
        _focusNext = () => _inputs[EditedFields.First()];
    }

    private void EditJson()
    {
        var written = Draft.Mode is ApprovalMode.Form ? ApprovalArguments.Write(_fields!, Draft.Texts).Json : null;
        var json = JsonFormat.Indent(written ?? Approval.Arguments);
        if (json.Length > ChatCommands.MaxTextLength)
        {
            Draft.Problems = [new FieldProblem(Field: null, CardText.JsonTooLong)];
            return;
        }

        Draft.Json = json;
        Draft.Mode = ApprovalMode.Json;
        _focusNext = () => _json;
    }

    private void SetWhy(string reason) => (Draft.Reason, Draft.LacksReason) = (reason, false);

    private Task AskWhyAsync()
    {
        if (Drafts.NeedsReason)
        {
            return DenyAsync();
        }

        Draft.Problems = [];
        Draft.Mode = ApprovalMode.Denying;
        _focusNext = () => _reason;
        return Task.CompletedTask;
    }

    private Task LookAgain()
    {
        var was = Draft.Mode;
        Draft.Problems = [];
        Draft.Mode = ApprovalMode.Looking;
        _focusNext = was switch
        {
            ApprovalMode.Denying => () => _deny,
            ApprovalMode.Remembering => () => _always,
            _ => () => _edit,
        };
        return was is ApprovalMode.Form ? DescribeAsync(Approval.Arguments) : Task.CompletedTask;
    }

    private Task OnKey(KeyboardEventArgs key) =>
        key is { Key: "Escape", IsComposing: false } && Draft is { IsBusy: false, Mode: not ApprovalMode.Looking }
            ? LookAgain()
            : Task.CompletedTask;

    private Task ApproveAsync() => DecideAsync(Approved(editedArguments: null));

    private ApprovalChoice Approved(string? editedArguments) =>
        new(Approval.CallId, Approve: true, editedArguments, Drafts.NeedsReason ? Draft.Reason : null);

    private void AskHowLong()
    {
        Draft.Problems = [];
        Draft.Mode = ApprovalMode.Remembering;
        _focusNext = () => _scope;
    }

    private void SetLifetime(ChangeEventArgs change) =>
        Draft.Lifetime = GrantRequest.Lifetimes.FirstOrDefault(one => CardText.Lifetime(one) == change.Value as string, GrantRequest.Lifetimes[0]);

    // A form that offers one choice is not sent by Enter.
    private Task RememberAsync() => !CanBeRemembered || IsCut || _description?.Problem is not null ? Task.CompletedTask : DecideAsync(
        Approved(editedArguments: null) with { Remember = new GrantRequest(Draft.Scope, Draft.Lifetime) });

    private Task NeverAsync() => DecideAsync(new ApprovalChoice(Approval.CallId, Approve: false, null, Drafts.NeedsReason ? Draft.Reason : null)
    {
        Remember = new GrantRequest(Draft.Scope, Draft.Lifetime),
    });

    private Task DenyAsync() => DecideAsync(new ApprovalChoice(Approval.CallId, Approve: false, null, Draft.Reason));

    private async Task SubmitEditAsync()
    {
        var (json, problem) = Draft.Mode is ApprovalMode.Json ? (Draft.Json, null) : ApprovalArguments.Write(_fields!, Draft.Texts);
        if (json is null)
        {
            Draft.Problems = [problem!];
            return;
        }

        await DecideAsync(Approved(json));
        if (Draft.Problems.Count > 0)
        {
            var index = Draft.Mode is ApprovalMode.Json ? -1 : IndexOf(Draft.Problems[0]);
            _focusNext = index < 0 ? () => _json : () => _inputs[index];
        }
    }

    // The field that the problem is about, else the first one.
    private int IndexOf(FieldProblem problem)
    {
        var index = EditedFields.FirstOrDefault(i => IsAbout(problem, _fields![i]), -1);
        return index < 0 ? EditedFields.First() : index;
    }

    private async Task DecideAsync(ApprovalChoice choice)
    {
        if (Draft.IsBusy)
        {
            return;
        }

        Draft.Problems = [];
        if (Drafts.NeedsReason && string.IsNullOrWhiteSpace(choice.Reason))
        {
            Draft.LacksReason = true;
            _focusNext = () => _why!.Input;
            return;
        }

        Draft.IsBusy = true;
        var result = await Drafts.DecideAsync(choice);
        Draft.Problems = result.Problems;

        // A call that is decided goes away with its event; until then it takes no second decision.
        Draft.IsBusy = result.IsSettled;
    }
}
