using Copilot.Web.Security;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Files;

/// <summary>
/// Answers with a file's bytes: always as a download, never as a page, a script or a style, whatever type its sender gave it. Images
/// keep their type, because pages show them. Proxies do not cache it; a browser may, but must revalidate each time.
/// </summary>
internal sealed class FileDownload(FileStore store)
{
    // What pages show as images. SVG is left out: it is a page.
    private static readonly HashSet<string> s_images =
        new(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"], StringComparer.OrdinalIgnoreCase);

    // What a browser says it wants the answer for, where it is a download, a link or an image.
    private static readonly HashSet<string> s_uses = new(["empty", "document", "image"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The answer, or null when the bytes are gone.</summary>
    public IResult? Of(HttpContext context, StoredFile file)
    {
        if (context.Request.Headers["Sec-Fetch-Dest"] is [{ } use] && !s_uses.Contains(use))
        {
            return TypedResults.Problem(SecurityText.NotAPlaceForFiles, statusCode: StatusCodes.Status403Forbidden);
        }

        if (store.Open(file) is not { } content)
        {
            return null;
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.XContentTypeOptions = "nosniff";
        SecurityHeaders.SendAsFile(context);
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return TypedResults.Stream(
            content, s_images.Contains(file.File.Type) ? file.File.Type : "application/octet-stream", file.File.Name, lastModified: null, entityTag: new EntityTagHeaderValue($"\"{file.File.Id}\""), enableRangeProcessing: true);
    }
}
