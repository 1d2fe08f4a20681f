namespace Copilot.Web.Security;

/// <summary>
/// What somebody wrote into a form that is shown again, passwords excepted. It waits in a cookie for the next page, not in its address,
/// which stays in histories and logs.
/// </summary>
internal static class FormMemory
{
    private const string Cookie = "copilot.entered";
    private const int MaxLength = 256;

    private static readonly TimeSpan s_lifetime = TimeSpan.FromMinutes(1);

    /// <summary>Remembers fields for the next page.</summary>
    public static void Save(HttpContext context, params ReadOnlySpan<(string Field, string Value)> fields)
    {
        var query = QueryString.Empty;
        foreach (var (field, value) in fields)
        {
            query = query.Add(field, value.Length > MaxLength ? value[..MaxLength] : value);
        }

        context.Response.Cookies.Append(Cookie, query.Value ?? "", new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = s_lifetime,
            Path = "/",
        });
    }

    /// <summary>What was remembered; the next page no longer finds it.</summary>
    public static IReadOnlyDictionary<string, string> Take(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } query)
        {
            return new Dictionary<string, string>();
        }

        context.Response.Cookies.Delete(Cookie, new CookieOptions { Path = "/" });
        return Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(query).ToDictionary(field => field.Key, field => field.Value.ToString());
    }
}
