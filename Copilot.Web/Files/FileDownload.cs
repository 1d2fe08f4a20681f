using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Files;

/// <summary>
/// Answers with a file's bytes: always as a download, never as a page, and not cached by proxies. A browser may cache it but must
/// revalidate each time.
/// </summary>
internal sealed class FileDownload(FileStore store)
{
    /// <summary>The answer, or null when the bytes are gone.</summary>
    public IResult? Of(HttpContext context, StoredFile file)
    {
        if (store.Open(file) is not { } content)
        {
            return null;
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "private, no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return TypedResults.Stream(
            content, file.File.Type, file.File.Name, lastModified: null, entityTag: new EntityTagHeaderValue($"\"{file.File.Id}\""), enableRangeProcessing: true);
    }
}
