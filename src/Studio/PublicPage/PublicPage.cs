using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using GanPipeline.Hosting;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>The public page of a generator, and its pictures.</summary>
/// <param name="service">Makes them.</param>
/// <param name="model">The generator's file.</param>
internal sealed class PublicPage(GeneratorService service, string model)
{
    /// <summary>Pictures have the indices below it, all of seed 0: an address names each, and caches may keep them.</summary>
    public const int Pictures = 1_000_000;

    private GeneratorModel Model => service.Model;

    /// <summary>Of the model; each has addresses of its own.</summary>
    public string Version { get; } = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(model)))[..12];

    /// <summary>A page with a picture: the one that is asked for, or another one each time.</summary>
    public IResult Show(HttpContext context)
    {
        VisitorWish wish;
        var texts = Texts.For(context.Request);
        try
        {
            wish = VisitorWish.Read(context.Request.Query, Model);
            RequireWords(wish);
        }
        catch (ArgumentException e)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        var isNamed = int.TryParse(context.Request.Query["picture"], NumberStyles.None, CultureInfo.InvariantCulture, out var index) &&
            index < Pictures;
        if (!isNamed) index = RandomNumberGenerator.GetInt32(Pictures);
        var query = wish.Query.Length > 0 ? "?" + wish.Query : "";
        var fields = wish.Fields(Model, texts, WebUtility.HtmlEncode!);
        var title = Model.Metadata.GetValueOrDefault(ModelMetadata.Pipeline) is { Length: > 0 } name ? name : "GAN";
        return Pages.Plain(context, "public", new Dictionary<string, string>
        {
            ["public-title"] = WebUtility.HtmlEncode(title),
            ["picture"] = WebUtility.HtmlEncode($"/pictures/{Version}/{index}.png{query}"),
            ["width"] = Model.Width.ToString(CultureInfo.InvariantCulture),
            ["height"] = Model.Height.ToString(CultureInfo.InvariantCulture),
            ["size"] = Model.Width < 256 ? "small" : "large",
            ["caption"] = WebUtility.HtmlEncode(Caption(texts, index, wish)),
            ["warnings"] = WebUtility.HtmlEncode(wish.Label is { } label ? string.Join(' ', Model.Warnings(label)) : ""),
            ["link"] = WebUtility.HtmlEncode($"/?picture={index}{(query.Length > 0 ? "&" + wish.Query : "")}"),
            ["fields"] = fields,
        });
    }

    /// <summary>A picture. What is at an address never changes.</summary>
    public async Task<IResult> PictureAsync(HttpContext context, int index)
    {
        try
        {
            var wish = VisitorWish.Read(context.Request.Query, Model);
            var images = await service.GenerateAsync(1, seed: 0, first: index, Labels(wish), context.RequestAborted);
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return Results.Bytes(Inference.Pictures.EncodePng(images, 0), "image/png");
        }
        catch (ArgumentException e)
        {
            return Results.Text(e.Message, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (GeneratorBusyException)
        {
            context.Response.Headers.RetryAfter = "1";
            return Results.Text("Many visitors are here at once. Come again in a moment.",
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static string[]? Labels(VisitorWish wish) => wish.Label is { } label ? [label] : null;

    /// <exception cref="ArgumentException">A text has no words.</exception>
    private void RequireWords(VisitorWish wish) => Model.LabelVectors(1, labels: Labels(wish));

    /// <summary>The picture's number, and what it shows.</summary>
    private string Caption(Texts texts, int index, VisitorWish wish)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{texts["public.picture"]} {index}");
        if (Model.Vocabulary is not null) return $"{number}: {Model.Texts(1, 0, index, Labels(wish))[0]}";
        if (Model.Labels is not { } layout) return number;
        var values = new float[layout.Fields.Count];
        layout.DecodeFields(Model.LabelVectors(1, 0, index, Labels(wish)), values);
        return $"{number}: {layout.Describe(values)}";
    }
}
