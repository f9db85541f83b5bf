using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using GanPipeline;
using GanPipeline.Hosting;
using GanPipeline.Inference;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PictureServer;

/// <summary>The pictures over HTTP, and a page that shows them.</summary>
internal sealed class PictureEndpoints
{
    private const int MostImages = 256, MostScale = 16;
    private const string Day = "public, max-age=86400", Never = "no-store";

    private static readonly string[] _parameters = ["seed", "index", "label", "count", "scale"];

    private readonly GeneratorService _generator;
    private readonly string _model;
    private readonly byte[] _page;

    public PictureEndpoints(GeneratorService generator, string modelFile)
    {
        _generator = generator;
        using (var file = File.OpenRead(modelFile)) _model = Convert.ToHexStringLower(SHA256.HashData(file));
        _page = Page(generator.Model);
    }

    public void Map(WebApplication app)
    {
        app.MapGet("/", () => Results.Bytes(_page, "text/html; charset=utf-8")).ExcludeFromDescription();
        app.MapGet("/image.png", Image)
            .WithSummary("One picture. Without a seed a fresh one at each visit, whose seed is in the header X-Seed.")
            .Produces(200, contentType: "image/png").Produces(304).ProducesProblem(400).ProducesProblem(503);
        app.MapGet("/images.zip", Images)
            .WithSummary($"Pictures index, index + 1, ... of a seed as PNG files in an archive; count is at most {MostImages}.")
            .Produces(200, contentType: "application/zip").ProducesProblem(400).ProducesProblem(503);
    }

    private Task<IResult> Image(HttpContext context, long? seed, long? index, string? label, int? scale) =>
        Answered(context, seed, index ?? 0, label, 1, scale ?? 1, "image/png",
            images => Pictures.EncodePng(images, 0, scale ?? 1));

    private Task<IResult> Images(HttpContext context, long? seed, long? index, string? label, int? count, int? scale) =>
        Answered(context, seed, index ?? 0, label, count ?? 16, scale ?? 1, "application/zip",
            images => Archive(images, index ?? 0, scale ?? 1));

    private async Task<IResult> Answered(HttpContext context, long? seed, long index, string? label, int count, int scale, string type,
        Func<ImageTensor, byte[]> encode)
    {
        if (Mistake(context.Request, index, count, scale) is { } mistake)
            return Results.Problem(mistake, statusCode: StatusCodes.Status400BadRequest);
        var headers = context.Response.GetTypedHeaders();
        var given = seed ?? Random.Shared.NextInt64();
        if (seed is not null)
        {
            // A seed's picture is always the same but for its rounding: a weak tag.
            var tag = new EntityTagHeaderValue(TagOf(context.Request), isWeak: true);
            (headers.ETag, headers.CacheControl) = (tag, CacheControlHeaderValue.Parse(Day));
            if (context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false)))
                return Results.StatusCode(StatusCodes.Status304NotModified);
        }
        else
        {
            headers.CacheControl = CacheControlHeaderValue.Parse(Never);
        }
        context.Response.Headers["X-Seed"] = given.ToString(CultureInfo.InvariantCulture);
        try
        {
            var images = await _generator.GenerateAsync(count, given, index, label is null ? [] : [label], context.RequestAborted);
            return Results.Bytes(encode(images), type);
        }
        catch (GeneratorBusyException e)
        {
            Forget(headers);
            context.Response.Headers.RetryAfter = "1";
            return Results.Problem(e.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        // A label that does not exist, or more images than the queue holds.
        catch (ArgumentException e)
        {
            Forget(headers);
            return Results.Problem(e.Message.Split(" (Parameter")[0], statusCode: StatusCodes.Status400BadRequest);
        }
    }

    /// <summary>What is wrong with a request; null where nothing is.</summary>
    private static string? Mistake(HttpRequest request, long index, int count, int scale)
    {
        if (request.Query.Keys.FirstOrDefault(key => !_parameters.Contains(key)) is { } unknown)
            return $"There is no parameter '{unknown}'; there are {string.Join(", ", _parameters)}.";
        if (index < 0) return $"The index is at least 0; got {index}.";
        if (count is < 1 or > MostImages) return $"The count is from 1 to {MostImages}; got {count}.";
        return scale is < 1 or > MostScale ? $"The scale is from 1 to {MostScale}; got {scale}." : null;
    }

    private static void Forget(Microsoft.AspNetCore.Http.Headers.ResponseHeaders headers) =>
        (headers.ETag, headers.CacheControl) = (null, CacheControlHeaderValue.Parse(Never));

    private string TagOf(HttpRequest request)
    {
        var text = new StringBuilder(_model).Append(request.Path);
        foreach (var name in _parameters)
            text.Append('&').Append(name).Append('=').Append(request.Query.TryGetValue(name, out var value) ? value : StringValues.Empty);
        return '"' + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 12)) + '"';
    }

    private static byte[] Archive(ImageTensor images, long first, int scale)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create))
        {
            for (var i = 0; i < images.Count; i++)
            {
                var name = (first + i).ToString("D6", CultureInfo.InvariantCulture) + ".png";
                using var entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(Pictures.EncodePng(images, i, scale));
            }
        }
        return bytes.ToArray();
    }

    /// <summary>The page, with the generator's labels to choose from.</summary>
    private static byte[] Page(GeneratorModel model)
    {
        using var stream = typeof(PictureEndpoints).Assembly.GetManifestResourceStream("page.html")!;
        using var reader = new StreamReader(stream);
        var fields = model.Labels?.Fields ?? [];
        var labels = fields is [{ Kind: LabelKind.Categorical } only] ? only.Values : [];
        var options = labels.Select(label => $"<option>{HtmlEncoder.Default.Encode(label)}</option>");
        var scale = Math.Clamp(256 / Math.Max(model.Width, model.Height), 1, MostScale);
        return Encoding.UTF8.GetBytes(reader.ReadToEnd()
            .Replace("{{labels}}", string.Concat(options), StringComparison.Ordinal)
            .Replace("{{hidden}}", labels.Count == 0 ? "hidden" : "", StringComparison.Ordinal)
            .Replace("{{scale}}", scale.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }
}
