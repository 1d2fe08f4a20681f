using Copilot.Domain.Audit;
using Copilot.Domain.Erasure;
using Copilot.Domain.Erasure.Retention;
using Copilot.Web.Components.Access;
using Copilot.Web.Identity.Administration;
using Copilot.Web.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;

namespace Copilot.Web.Components.Admin;

/// <summary>How long conversations stay, and which must stay. Follows what other admins change.</summary>
public sealed partial class RetentionPage(
    IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionPage> logger) : WatchingPage(time, logger)
{
    private const int MonthDays = 30;

    private readonly Dictionary<string, string?> _names = [];
    private IReadOnlyList<RetentionRule>? _rules;
    private IReadOnlyList<LegalHold>? _holds;
    private IReadOnlyList<(string Id, string Name)> _agents = [];
    private IReadOnlyList<PersonRow> _people = [];
    private bool _denied;
    private string? _agent;
    private string _session = "";
    private bool _closed;
    private int _days = MonthDays;
    private string? _ruleProblem;
    private string _person = "";
    private string _heldSession = "";
    private string _reason = "";
    private string? _holdProblem;

    [CascadingParameter]
    internal UserInfo User { get; set; } = null!;

    private string Default => options.Value.Days is { } days ? ErasureText.Retention(days) : ErasureText.NoRetention;

    /// <inheritdoc/>
    protected override Task NextChangeAsync() => Retention.Changed;

    /// <inheritdoc/>
    protected override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        _rules = await Retention.ListRulesAsync(User.Id, cancellationToken);
        _holds = await Retention.ListHoldsAsync(User.Id, cancellationToken);
        _denied = _rules is null || _holds is null;
        if (_denied)
        {
            return false;
        }

        _agents = await Targets.ReadAgentsAsync(cancellationToken);
        _agent ??= _agents.Count > 0 ? _agents[0].Id : "";
        _people = await Changing.FindAsync(cancellationToken) is { } reader ? await People.ListAsync(reader, cancellationToken) ?? [] : [];
        foreach (var id in _rules!.Select(rule => rule.SetBy).Concat(_holds!.SelectMany(hold => (string?[])[hold.SetBy, hold.UserId, hold.LiftedBy])).OfType<string>().Distinct())
        {
            _names[id] = await Names.FindAsync(id, cancellationToken);
        }

        return true;
    }

    private string? NameOf(string? userId) => userId is null ? null : _names.GetValueOrDefault(userId);

    private string? AgentOf(string id) => _agents.FirstOrDefault(agent => agent.Id == id).Name;

    private async Task SetRuleAsync()
    {
        var (scope, subject) = _agent is { Length: > 0 } agent ? (RetentionScope.Agent, agent) : (RetentionScope.Session, _session.Trim());
        int? days = _closed ? null : _days;
        _ruleProblem = await ChangeAsync(() => Administration.SetRuleAsync(User.Id, scope, subject, days, RecordAsync, Left), RetentionText.RuleSet);
    }

    private async Task RemoveAsync(RetentionRule rule)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, RetentionText.RemoveTitle, [RetentionText.RemoveDetails], RetentionText.Remove))
        {
            _ruleProblem = await ChangeAsync(
                () => Administration.RemoveRuleAsync(User.Id, rule.Scope, rule.SubjectId, RecordAsync, Left), RetentionText.RuleRemoved);
        }
    }

    private async Task SetHoldAsync()
    {
        var (session, person) = _person.Length > 0 ? (null, _person) : (_heldSession.Trim(), (string?)null);
        _holdProblem = await ChangeAsync(
            async () => (await Administration.HoldAsync(User.Id, session, person, _reason, RecordAsync, Left)).Change, RetentionText.HoldSet);
        if (_holdProblem is null)
        {
            (_reason, _heldSession) = ("", "");
        }
    }

    private async Task LiftAsync(LegalHold hold)
    {
        if (await ConfirmDialog.AskAsync(Dialogs, RetentionText.LiftTitle, [RetentionText.LiftDetails], RetentionText.Lift))
        {
            _holdProblem = await ChangeAsync(() => Administration.LiftAsync(User.Id, hold, RecordAsync, Left), RetentionText.HoldLifted);
        }
    }

    private Task RecordAsync(string objectId, string what) =>
        Audit.RecordAsync(User, AccessActions.RetentionChanged, objectId, ownerId: null, what, Left);

    /// <returns>Why it was refused, in a sentence; null when it was made.</returns>
    private async Task<string?> ChangeAsync(Func<Task<RetentionChange>> change, string done)
    {
        try
        {
            var problem = RetentionText.Problem(await change());
            if (problem is null)
            {
                Toasts.Say(done);
            }

            return problem;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogNotSaved(Logger, exception);
            return RetentionText.NotSaved;
        }
    }

    [LoggerMessage(LogLevel.Error, "A change of retention could not be saved")]
    private static partial void LogNotSaved(ILogger logger, Exception exception);
}
