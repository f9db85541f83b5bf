using GanPipeline.Data;
using GanPipeline.Inference;

namespace GanPipeline.Studio;

/// <summary>A brick in the words of a conditional generator: its labels, or a sentence.</summary>
internal static class BrickWish
{
    // A turn of the camera by so many degrees is the same view.
    private const double Turn = 360;

    /// <summary>The label that asks a generator for a brick, as the command line takes it.</summary>
    /// <remarks>
    /// Of numbers that the generator has not learned, the nearest one that it has; fields that no brick has are left out.
    /// </remarks>
    /// <param name="model">With labels or a vocabulary.</param>
    /// <param name="brick">The brick.</param>
    /// <exception cref="ArgumentException">The generator knows no such kind, color and so on; the message says what it knows.</exception>
    public static string Label(GeneratorModel model, BrickAttributes brick)
    {
        if (model.Vocabulary is not null) return new BrickCaptions(namesBackground: true, namesStyle: true).Of(brick, hash: 0)[0];
        var parts = from field in model.Labels!.Fields
                    let text = Text(field, brick)
                    where text is not null
                    select (field, text);
        return string.Join(", ", parts.Select(part =>
            $"{LabelQuotes.Around(part.field.Name)}={LabelQuotes.Around(part.field.Write(part.field.Read(part.text)))}"));
    }

    private static string? Text(LabelField field, BrickAttributes brick)
    {
        if (field.Kind != LabelKind.Numeric)
        {
            return field.Name switch
            {
                LabelField.Class => brick.Type.Name,
                "form" => brick.Type.Form.ToString().ToLowerInvariant(),
                "studs-wide" => $"{brick.Type.StudsWide}",
                "studs-long" => $"{brick.Type.StudsLong}",
                "color" => brick.Color.Name,
                "background" => BrickSetting.Backgrounds.MinBy(setting => Math.Abs(setting.Value - brick.Background))!.Name,
                "light" => BrickSetting.Lights.MinBy(setting => Math.Abs(Math.IEEERemainder(setting.Value - brick.Light, Turn)))!.Name,
                "style" => brick.Style,
                _ => null,
            };
        }
        double? value = field.Name switch
        {
            "yaw" => brick.Yaw,
            "pitch" => brick.Pitch,
            "light" => brick.Light,
            "background" => brick.Background,
            "fill" => brick.Fill,
            _ => null,
        };
        return value is { } number ? field.Write((float)Math.Clamp(number, field.Low, field.High)) : null;
    }
}
