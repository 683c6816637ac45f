"""CUDA C++ of the random numbers: what philox.py computes, for a whole array in one launch.  Text only.

A thread here takes a draw of torch's threads after another, so a launch may have any number of threads: `threads` says how
many torch's would have.  `draw` is the first draw's number, a quarter of the generator's offset.  fma() and the rough
functions (__logf, __sincosf, ...) are those that torch's kernels are compiled to, so that no bit differs.
"""

PHILOX = r"""
// ---- random numbers: Philox 4x32-10 -------------------------------------------------------------------------------------

struct Words { unsigned int at[4]; };

__device__ Words philox(unsigned long long seed, unsigned long long draw, unsigned long long thread) {
    unsigned int a = draw, b = draw >> 32, c = thread, d = thread >> 32, k = seed, l = seed >> 32;
    for (int round = 0; round < 10; round++) {
        const unsigned long long first = 0xD2511F53ULL * a, second = 0xCD9E8D57ULL * c;
        a = (unsigned int)(second >> 32) ^ b ^ k;
        b = (unsigned int)second;
        c = (unsigned int)(first >> 32) ^ d ^ l;
        d = (unsigned int)first;
        k += 0x9E3779B9U;
        l += 0xBB67AE85U;
    }
    return {{a, b, c, d}};
}

#define EACH_DRAW(i, n) \
    for (long long i = blockIdx.x * (long long)THREADS + threadIdx.x; i < (n); i += (long long)gridDim.x * THREADS)

__device__ double wide(unsigned int low, unsigned int high) {
    return (double)((unsigned long long)low ^ (unsigned long long)high << 21);
}

// Fractions in (0, 1]: four of a word each, or two of two words each.
__device__ void units(const Words& w, float* u) {
    for (int j = 0; j < 4; j++) u[j] = fma((float)w.at[j], 0x1p-32f, 0x1p-33f);
}
__device__ void units(const Words& w, double* u) {
    for (int j = 0; j < 2; j++) u[j] = fma(wide(w.at[2 * j], w.at[2 * j + 1]), 0x1p-53, 0x1p-54);
}

// R sin(2 pi v), R cos(2 pi v), where R = sqrt(-2 log u)
__device__ void normals(const Words& w, float* z) {
    for (int j = 0; j < 4; j += 2) {
        const float u = fma((float)w.at[j], 0x1p-32f, 0x1p-33f);
        const float angle = fma((float)w.at[j + 1], 0x1.921fb6p-30f, 0x1.921fb6p-31f), radius = sqrtf(-2.0f * logf(u));
        __sincosf(angle, &z[j], &z[j + 1]);
        z[j] *= radius;
        z[j + 1] *= radius;
    }
}
__device__ void normals(const Words& w, double* z) {
    double u[2];
    units(w, u);
    sincospi(fma(wide(w.at[2], w.at[3]), 0x1p-52, 0x1p-53), &z[0], &z[1]);
    const double radius = sqrt(-2.0 * log(u[0]));
    z[0] *= radius;
    z[1] *= radius;
}

__device__ float rough_log(float x) { return __logf(x); }
__device__ double rough_log(double x) { return log(x); }
__device__ float rough_log1p(float x) { return __logf(1.0f + x); }
__device__ double rough_log1p(double x) { return log1p(x); }
__device__ float rough_exp(float x) { return __expf(x); }
__device__ double rough_exp(double x) { return exp(x); }
__device__ float rough_tan(float x) { return __tanf(x); }
__device__ double rough_tan(double x) { return tan(x); }
__device__ float half_epsilon(float) { return 0x1p-24f; }
__device__ double half_epsilon(double) { return 0x1p-53; }
__device__ float inside(float u) { return fmaxf(0x1p-23f, fminf(u, 1 - 0x1p-23f)); }
__device__ double inside(double u) { return u; }

enum { UNIFORM, NORMAL, LOG_NORMAL, EXPONENTIAL, CAUCHY, GEOMETRIC };

template <typename T, int KIND>
__device__ T shaped(T x, T a, T b, T c) {
    if (KIND == UNIFORM) { const T y = fma(x, b, a); return y == c ? a : y; }  // low, width, high
    if (KIND == NORMAL) return fma(x, b, a);
    if (KIND == LOG_NORMAL) return rough_exp(fma(x, b, a));
    if (KIND == EXPONENTIAL) {
        const T tiny = half_epsilon(x), logarithm = x >= 1 - tiny ? -tiny : rough_log(x);
        return T(-1) / a * logarithm;
    }
    if (KIND == CAUCHY) return fma(b, rough_tan(T(3.14159265358979323846) * (inside(x) - T(0.5))), a);
    return ceil(rough_log(x) / rough_log1p(-a));
}

template <typename T, int KIND>
__device__ void random_fill(T* out, long long n, long long seed, long long draw, long long threads, double a, double b,
                            double c) {
    const int many = sizeof(T) == 4 ? 4 : 2;
    EACH_DRAW(i, threads * ((n - 1) / (threads * many) + 1)) {
        const Words words = philox(seed, draw + i / threads, i % threads);
        T x[4];
        if (KIND == NORMAL || KIND == LOG_NORMAL) normals(words, x); else units(words, x);
        for (int j = 0; j < many; j++) {
            const long long at = i % threads + threads * (i / threads * many + j);
            if (at < n) out[at] = shaped<T, KIND>(x[j], T(a), T(b), T(c));
        }
    }
}

// Words, or pairs of them, the first of a pair on top.
template <typename T, int MANY>
__device__ void random_words(long long* out, long long n, long long seed, long long draw, long long threads) {
    EACH_DRAW(i, threads * ((n - 1) / (threads * MANY) + 1)) {
        const Words w = philox(seed, draw + i / threads, i % threads);
        for (int j = 0; j < MANY; j++) {
            const long long at = i % threads + threads * (i / threads * MANY + j);
            if (at < n)
                out[at] = MANY == 4 ? w.at[j] : (long long)((unsigned long long)w.at[2 * j] << 32 | w.at[2 * j + 1]);
        }
    }
}

// Fractions, `size` neighbours to a thread: a draw for each four of them, or for two.
template <typename T>
__device__ void random_vectors(T* out, long long n, long long seed, long long draw, long long threads, long long size) {
    const long long each = size > 4 ? size / 4 : 1;
    EACH_DRAW(i, threads * each * ((n - 1) / (threads * size) + 1)) {
        const long long number = i / threads;
        T u[4];
        units(philox(seed, draw + number, i % threads), u);
        for (int j = 0; j < (size < 4 ? size : 4); j++) {
            const long long at = size * (i % threads + threads * (number / each)) + number % each * 4 + j;
            if (at < n) out[at] = u[j];
        }
    }
}
"""

_WHERE = ["long long n", "long long seed", "long long draw", "long long threads"]
INSTANCES = {  # kernel -> (the template's instance, parameters), as in cuda_source.py
    **{f"random_{name}": (f"random_fill<T, {name.upper()}>", ["T* out", *_WHERE, "double a", "double b", "double c"])
       for name in ("uniform", "normal", "log_normal", "exponential", "cauchy", "geometric")},
    "random_words": ("random_words<T, 4>", ["long long* out", *_WHERE]),
    "random_pairs": ("random_words<T, 2>", ["long long* out", *_WHERE]),
    "random_vectors": ("random_vectors<T>", ["T* out", *_WHERE, "long long size"]),
}  # fmt: skip
