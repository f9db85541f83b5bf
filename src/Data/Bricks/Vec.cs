namespace GanPipeline.Data;

/// <summary>
/// A point or direction in millimetres. Not <see cref="System.Numerics.Vector3"/>: the order of the additions in its dot product is the
/// processor's choice, and pictures must not depend on the processor.
/// </summary>
internal readonly record struct Vec(float X, float Y, float Z)
{
    public static Vec operator +(Vec a, Vec b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);
    public static Vec operator -(Vec a, Vec b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);
    public static Vec operator *(Vec a, float s) => new(a.X * s, a.Y * s, a.Z * s);

    public float Dot(Vec b) => X * b.X + Y * b.Y + Z * b.Z;

    public Vec Unit() => this * (1 / MathF.Sqrt(Dot(this)));
}
