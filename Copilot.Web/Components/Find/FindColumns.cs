using Copilot.Web.Identity;
using Copilot.Web.Sessions;
using Copilot.Web.Sessions.Finding;
using Copilot.Web.Storage.Search;

namespace Copilot.Web.Components.Find;

/// <summary>Which columns and filters somebody is offered: how runs work is not for staff, what they cost only where staff may know.</summary>
internal static class FindColumns
{
    private static readonly FindColumn[] s_costs = [FindColumn.Cost, FindColumn.Tokens];
    private static readonly FindColumn[] s_forStaff = [FindColumn.Agent, FindColumn.State, FindColumn.Date, FindColumn.Duration, FindColumn.Tools];
    private static readonly RunField[] s_fieldsForStaff = [RunField.Agent, RunField.Tool, RunField.State, RunField.Duration, RunField.Date, RunField.Intervention, RunField.Thumbs, RunField.Seen];

    /// <summary>Those that a person can choose.</summary>
    public static IReadOnlyList<FindColumn> For(UserInfo user) => user.Role != Roles.Staff ? Enum.GetValues<FindColumn>()
        : user.SeesCosts ? [.. s_forStaff, FindColumn.Cost]
        : s_forStaff;

    /// <summary>Those that are shown until a person chooses.</summary>
    public static IReadOnlyList<FindColumn> Usual(UserInfo user) =>
        [.. For(user).Where(column => column is not (FindColumn.Team or FindColumn.Tools or FindColumn.Tokens or FindColumn.Transport or FindColumn.Error or FindColumn.Intervention))];

    /// <summary>The fields that a person can filter by.</summary>
    public static IReadOnlyList<RunField> Fields(UserInfo user) => user.Role != Roles.Staff
        ? [.. Enum.GetValues<RunField>().Where(field => field is not RunField.Session)]
        : user.SeesCosts ? [.. s_fieldsForStaff, RunField.Cost]
        : s_fieldsForStaff;

    /// <summary>What a column is sorted by; null where it is not.</summary>
    public static RunSort? SortOf(FindColumn column) => column switch
    {
        FindColumn.Date => RunSort.Date,
        FindColumn.Duration => RunSort.Duration,
        FindColumn.Cost => RunSort.Cost,
        FindColumn.Tokens => RunSort.Tokens,
        _ => null,
    };

    /// <summary>Without what the person may not filter or sort by, where an address says so.</summary>
    public static RunListRequest Allowed(RunListRequest request, UserInfo user)
    {
        if (user.Role != Roles.Staff)
        {
            return request;
        }

        var fields = Fields(user);
        var isHidden = s_costs.Any(column => SortOf(column) == request.Sort && !For(user).Contains(column));
        return request with
        {
            Sort = isHidden ? RunSort.Date : request.Sort,
            Filter = request.Filter with { Conditions = [.. request.Filter.Conditions.Where(condition => condition.Field is RunField.Session || fields.Contains(condition.Field))] },
        };
    }
}
