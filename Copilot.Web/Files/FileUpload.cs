using Copilot.Domain.Responses.Requests;
using Copilot.Domain.Runs.Events;
using Copilot.Domain.Runs.Log;
using Copilot.Web.Security;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Copilot.Web.Files;

/// <summary>
/// Reads one file from a request as it arrives: the body itself, with its name in <c>?name=</c>, or the one file of a
/// <c>multipart/form-data</c> form.
/// </summary>
internal sealed partial class FileUpload(FileStore files, IOptions<FileLimits> limits, ILogger<FileUpload> logger)
{
    // Allowance for what a form adds around its file.
    private const long FormBytes = 16 * 1024;

    /// <summary>Receives and stores it.</summary>
    /// <exception cref="FileRefusedException">There is no acceptable file, or it cannot be stored now.</exception>
    public async Task<MessageFile> ReceiveAsync(HttpRequest request, RunOwner owner)
    {
        var aborted = request.HttpContext.RequestAborted;
        if (request.IsEncoded())
        {
            throw new FileRefusedException(StatusCodes.Status415UnsupportedMediaType, EncodedBodies.Refused);
        }

        var maxBytes = limits.Value.MaxBytes;
        if (request.ContentLength > maxBytes + FormBytes)
        {
            throw FileRefusedException.TooLarge(maxBytes);
        }

        // The file itself is counted while it is received; this limits everything around it.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = maxBytes + (2 * FormBytes);
        }

        try
        {
            return BoundaryOf(request.ContentType) is { } boundary
                ? boundary.Length == 0 ? throw NotAForm() : await ReadFormAsync(request, boundary, owner)
                : await files.AddAsync(owner, request.Query["name"], request.ContentType, request.Body, aborted);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw FileRefusedException.TooLarge(maxBytes);
        }
        catch (StorageUnavailableException exception)
        {
            LogUnavailable(exception);
            throw FileRefusedException.NotStored();
        }
    }

    private static string? BoundaryOf(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? HeaderUtilities.RemoveQuotes(type.Boundary).Value ?? ""
            : null;

    private async Task<MessageFile> ReadFormAsync(HttpRequest request, string boundary, RunOwner owner)
    {
        var (form, aborted) = (new MultipartReader(boundary, request.Body), request.HttpContext.RequestAborted);
        MessageFile? file = null;
        try
        {
            while (await form.ReadNextSectionAsync(aborted) is { } section)
            {
                if (section.GetContentDispositionHeader() is not { } disposition || !disposition.IsFileDisposition())
                {
                    continue;
                }

                if (file is not null)
                {
                    throw new FileRefusedException(StatusCodes.Status400BadRequest, FileText.OneAtATime);
                }

                var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
                file = await files.AddAsync(owner, HeaderUtilities.RemoveQuotes(name).Value, section.ContentType, section.Body, aborted);
            }
        }
        catch (Exception exception)
        {
            if (file is not null)
            {
                await files.RemoveUnusedAsync(file.Id, owner.UserId, CancellationToken.None);
            }

            if (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException && !ClientFaults.HasGone(request.HttpContext, exception)))
            {
                // The form ends before its closing boundary.
                throw NotAForm();
            }

            throw;
        }

        return file ?? throw NotAForm();
    }

    private static FileRefusedException NotAForm() => new(StatusCodes.Status400BadRequest, FileText.NoFile);

    [LoggerMessage(LogLevel.Warning, "An upload was refused because storage is unavailable")]
    private partial void LogUnavailable(Exception exception);
}
